runCode({command: 'init', application: undefined, consent: 'granted'});
runCode({command: 'event', eventName: undefined});
runCode({command: 'event', eventName: 7});
runCode({command: 'event', eventName: 'Bought', attributesObject: 'price'});
runCode({command: 'register', userId: {id: '007'}});
runCode({command: 'consent', choice: 'yes'});
assertThat(calls).isEqualTo([]);
assertApi('gtmOnFailure').wasCalled();
assertApi('gtmOnSuccess').wasNotCalled();
