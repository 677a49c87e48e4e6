runCode({command: 'reset'});
runCode({command: 'consent', choice: 'denied'});
assertThat(calls[0]).isEqualTo(['reset']);
assertThat(calls[2]).isEqualTo(['consent', 'denied']);
