const calls = [];
mock('createArgumentsQueue', (fnKey, arrayKey) => {
  assertThat(fnKey).isEqualTo('pw');
  assertThat(arrayKey).isEqualTo('pw.q');
  return function () {
    const call = [];
    for (let i = 0; i < arguments.length; i++) call.push(arguments[i]);
    calls.push(call);
    if (call[0] === 'get') call[1]({});
  };
});
mock('injectScript', (_url, onSuccess) => onSuccess());
