mock('injectScript', (_url, _onSuccess, onFailure) => onFailure());
runCode({command: 'event', eventName: 'Bought'});
assertApi('gtmOnFailure').wasCalled();
assertApi('gtmOnSuccess').wasNotCalled();
