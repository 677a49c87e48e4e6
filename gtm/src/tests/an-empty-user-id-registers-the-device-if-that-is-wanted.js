runCode({command: 'register', userId: '', withoutUserId: true});
assertThat(calls[0]).isEqualTo(['register']);
assertApi('gtmOnSuccess').wasCalled();
