runCode({
  command: 'init',
  application: 'XXXXX-XXXXX',
  token: '',
  userId: '007',
  consent: 'pending',
  clicks: false,
  attributes: [],
});
assertThat(calls[0]).isEqualTo([
  'init',
  {application: 'XXXXX-XXXXX', userId: '007', consent: 'pending', clicks: false},
]);
assertApi('gtmOnSuccess').wasCalled();
assertApi('gtmOnFailure').wasNotCalled();
