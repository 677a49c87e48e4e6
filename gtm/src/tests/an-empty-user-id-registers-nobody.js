runCode({command: 'register', userId: undefined});
assertThat(calls).isEqualTo([]);
assertApi('gtmOnFailure').wasCalled();
assertApi('injectScript').wasNotCalled();
