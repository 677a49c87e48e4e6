mock('createArgumentsQueue', () => null);
runCode({command: 'event', eventName: 'Bought'});
assertApi('gtmOnFailure').wasCalled();
assertApi('injectScript').wasNotCalled();
