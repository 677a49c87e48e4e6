runCode({command: 'init', application: 'XXXXX-XXXXX', consent: 'consentMode'});
assertThat(calls).isEqualTo([]);
assertApi('gtmOnFailure').wasCalled();
assertApi('gtmOnSuccess').wasNotCalled();
