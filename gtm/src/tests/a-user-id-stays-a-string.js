runCode({command: 'register', userId: '007'});
assertThat(calls[0]).isEqualTo(['register', '007']);
assertApi('gtmOnSuccess').wasCalled();
