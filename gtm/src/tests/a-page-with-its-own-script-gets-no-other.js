runCode({command: 'event', eventName: 'Bought', isOnPage: true});
assertApi('injectScript').wasNotCalled();
assertApi('gtmOnSuccess').wasCalled();
