runCode({
  command: 'event',
  eventName: 'Bought',
  attributesObject: {price: 1, currency: 'EUR'},
  attributes: [
    {name: 'zip', value: '007'},
    {name: 'price', value: 9.5},
    {name: 'gift', value: false},
    {name: 'unset', value: undefined},
    {name: '', value: 'nameless'},
  ],
});
assertThat(calls[0]).isEqualTo(['event', 'Bought', {price: 9.5, currency: 'EUR', zip: '007', gift: false}]);
assertApi('gtmOnSuccess').wasCalled();
