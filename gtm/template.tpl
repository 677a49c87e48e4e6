___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "pw-tag for Pushwoosh",
  "categories": [
    "MARKETING",
    "PERSONALIZATION",
    "ANALYTICS"
  ],
  "brand": {
    "id": "brand_dummy",
    "displayName": "pw-tag"
  },
  "description": "Posts events to Pushwoosh and registers users. Each event arrives once: over page changes, outages and several tabs. Follows Consent Mode.",
  "containerContexts": [
    "WEB"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "SELECT",
    "name": "command",
    "displayName": "Tag type",
    "macrosInSelect": false,
    "selectItems": [
      {
        "value": "init",
        "displayValue": "Start (init)"
      },
      {
        "value": "event",
        "displayValue": "Post an event"
      },
      {
        "value": "register",
        "displayValue": "Register a user"
      },
      {
        "value": "reset",
        "displayValue": "Log-out (reset)"
      },
      {
        "value": "consent",
        "displayValue": "Set consent"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "init",
    "notSetText": "Choose one"
  },
  {
    "type": "TEXT",
    "name": "application",
    "displayName": "Application code",
    "simpleValueType": true,
    "help": "As in the Control Panel: XXXXX-XXXXX",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "([0-9A-Z]{5}-[0-9A-Z]{5}|\\{\\{.*\\}\\})"
        ]
      }
    ],
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "init",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "token",
    "displayName": "Device API token",
    "simpleValueType": true,
    "help": "Sent with registerUser. Never the server token. Leave it out where a proxy of yours adds it.",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "init",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "eventName",
    "displayName": "Name of the event",
    "simpleValueType": true,
    "help": "As in the Control Panel",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ],
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "event",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "SIMPLE_TABLE",
    "name": "attributes",
    "displayName": "Attributes",
    "help": "A value keeps its type: what you type here is a string, a variable is what it gives.",
    "newRowButtonText": "Add attribute",
    "simpleTableColumns": [
      {
        "type": "TEXT",
        "name": "name",
        "displayName": "Name",
        "defaultValue": ""
      },
      {
        "type": "TEXT",
        "name": "value",
        "displayName": "Value",
        "defaultValue": ""
      }
    ],
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "event",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "attributesObject",
    "displayName": "Attributes from a variable",
    "simpleValueType": true,
    "help": "A variable that gives an object. The table above outranks it.",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "event",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "userId",
    "displayName": "User id",
    "simpleValueType": true,
    "help": "Registers the device with this user. Stays as it is: 007 is not 7.",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "init",
        "type": "EQUALS"
      },
      {
        "paramName": "command",
        "paramValue": "register",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "CHECKBOX",
    "name": "withoutUserId",
    "checkboxText": "Register the device where the user id is empty",
    "simpleValueType": true,
    "defaultValue": false,
    "help": "Under its own device id. Otherwise the tag fails.",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "register",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "SELECT",
    "name": "choice",
    "displayName": "Consent",
    "macrosInSelect": true,
    "selectItems": [
      {
        "value": "granted",
        "displayValue": "granted"
      },
      {
        "value": "denied",
        "displayValue": "denied"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "granted",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "consent",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "SELECT",
    "name": "consent",
    "displayName": "Consent at the start",
    "macrosInSelect": false,
    "selectItems": [
      {
        "value": "granted",
        "displayValue": "granted"
      },
      {
        "value": "pending",
        "displayValue": "pending: nothing is stored or sent until it is set"
      },
      {
        "value": "denied",
        "displayValue": "denied"
      },
      {
        "value": "consentMode",
        "displayValue": "by Consent Mode"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "granted",
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "init",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "consentTypes",
    "displayName": "All of these must be granted",
    "groupStyle": "NO_ZIPPY",
    "subParams": [
      {
        "type": "CHECKBOX",
        "name": "analytics_storage",
        "checkboxText": "analytics_storage",
        "simpleValueType": true,
        "defaultValue": true
      },
      {
        "type": "CHECKBOX",
        "name": "ad_storage",
        "checkboxText": "ad_storage",
        "simpleValueType": true,
        "defaultValue": false
      },
      {
        "type": "CHECKBOX",
        "name": "personalization_storage",
        "checkboxText": "personalization_storage",
        "simpleValueType": true,
        "defaultValue": false
      }
    ],
    "enablingConditions": [
      {
        "paramName": "consent",
        "paramValue": "consentMode",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "more",
    "displayName": "More options",
    "groupStyle": "ZIPPY_CLOSED",
    "subParams": [
      {
        "type": "TEXT",
        "name": "endpoint",
        "displayName": "Endpoint",
        "simpleValueType": true,
        "help": "Of a proxy of yours: an absolute address, or a path."
      },
      {
        "type": "TEXT",
        "name": "hwid",
        "displayName": "Device id (HWID)",
        "simpleValueType": true,
        "help": "Instead of a generated one"
      },
      {
        "type": "TEXT",
        "name": "deviceType",
        "displayName": "Device type",
        "simpleValueType": true,
        "help": "10 Safari, 11 Chrome, 12 Firefox. Empty: by the browser."
      },
      {
        "type": "TEXT",
        "name": "pageEvent",
        "displayName": "Event at each page view",
        "simpleValueType": true,
        "help": "Its name. Empty: none."
      },
      {
        "type": "CHECKBOX",
        "name": "clicks",
        "checkboxText": "Post events declared in the page (data-pw-event)",
        "simpleValueType": true,
        "defaultValue": true
      },
      {
        "type": "CHECKBOX",
        "name": "gpc",
        "checkboxText": "Where the browser sends Global Privacy Control, start as denied",
        "simpleValueType": true,
        "defaultValue": false
      },
      {
        "type": "CHECKBOX",
        "name": "debug",
        "checkboxText": "Say in the console what happens",
        "simpleValueType": true,
        "defaultValue": false
      }
    ],
    "enablingConditions": [
      {
        "paramName": "command",
        "paramValue": "init",
        "type": "EQUALS"
      }
    ]
  },
  {
    "type": "CHECKBOX",
    "name": "isOnPage",
    "checkboxText": "The page loads pw.js itself",
    "simpleValueType": true,
    "defaultValue": false,
    "help": "Then this tag does not. The same in all tags."
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const createArgumentsQueue = require('createArgumentsQueue');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const log = require('logToConsole');
const objects = require('Object');
const queryPermission = require('queryPermission');

const SCRIPT = 'https://cdn.jsdelivr.net/npm/pw-tag@0.1.0/dist/pw.js';
const OPTIONS = [
  'application',
  'token',
  'endpoint',
  'userId',
  'hwid',
  'deviceType',
  'consent',
  'gpc',
  'pageEvent',
  'clicks',
  'debug',
];
const CONSENT_TYPES = ['analytics_storage', 'ad_storage', 'personalization_storage'];

const fail = (reason) => {
  log('pw-tag', reason, SCRIPT);
  data.gtmOnFailure();
};

const isGiven = (value) => value !== undefined && value !== null && value !== '';

// Keeps pw's consent at that of all the chosen types. Answers what it is now.
const followConsentMode = (pw, types) => {
  const granted = {};
  const areAllGranted = () => types.every((type) => granted[type]);
  types.forEach((type) => {
    granted[type] = isConsentGranted(type);
  });
  let before = areAllGranted();
  types.forEach((type) => {
    addConsentListener(type, (changed, isGranted) => {
      granted[changed] = isGranted;
      const now = areAllGranted();
      if (now !== before) pw('consent', now ? 'granted' : 'denied');
      before = now;
    });
  });
  return before ? 'granted' : 'pending';
};

const init = (pw) => {
  if (!isGiven(data.application)) return 'the application code is empty';
  const options = {};
  OPTIONS.forEach((name) => {
    if (isGiven(data[name])) options[name] = data[name];
  });
  if (data.consent === 'consentMode') {
    const types = CONSENT_TYPES.filter((type) => data[type]);
    if (!types.length) return 'no consent type is chosen';
    options.consent = followConsentMode(pw, types);
  }
  pw('init', options);
};

const event = (pw) => {
  if (typeof data.eventName !== 'string' || !data.eventName) return 'the name of the event must be a string';
  const attributes = {};
  const given = isGiven(data.attributesObject) ? data.attributesObject : {};
  if (typeof given !== 'object') return 'the variable of attributes must give an object';
  objects.keys(given).forEach((name) => {
    attributes[name] = given[name];
  });
  (data.attributes || []).forEach((row) => {
    if (isGiven(row.name) && row.value !== undefined) attributes[row.name] = row.value;
  });
  pw('event', data.eventName, attributes);
};

// An empty variable must not register every visitor.
const register = (pw) => {
  const type = typeof data.userId;
  if (isGiven(data.userId) && type !== 'string' && type !== 'number') return 'the user id must be a string';
  if (isGiven(data.userId)) pw('register', data.userId);
  else if (data.withoutUserId) pw('register');
  else return 'the user id is empty';
};

const reset = (pw) => {
  pw('reset');
};

const consent = (pw) => {
  if (data.choice !== 'granted' && data.choice !== 'denied') return 'consent must be granted or denied';
  pw('consent', data.choice);
};

const run = () => {
  const pw = createArgumentsQueue('pw', 'pw.q');
  if (!pw) return fail('window.pw is something else');
  const commands = {init: init, event: event, register: register, reset: reset, consent: consent};
  const mistake = commands[data.command](pw);
  if (mistake) return fail(mistake);

  // pw answers once it runs and has been initialised: then it has the call above.
  const confirm = () => pw('get', () => data.gtmOnSuccess());
  if (data.isOnPage) return confirm();
  if (!queryPermission('inject_script', SCRIPT)) return fail('may not load the script');
  injectScript(SCRIPT, confirm, () => fail('could not load the script'), 'pw-tag');
};

run();


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {
        "publicId": "access_globals",
        "versionId": "1"
      },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "pw"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "pw.q"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "inject_script",
        "versionId": "1"
      },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 1,
                "string": "https://cdn.jsdelivr.net/npm/pw-tag@0.1.0/dist/pw.js"
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_consent",
        "versionId": "1"
      },
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "analytics_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "ad_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "personalization_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "logging",
        "versionId": "1"
      },
      "param": [
        {
          "key": "environments",
          "value": {
            "type": 1,
            "string": "debug"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: Consent Mode without a type fails
  code: |-
    runCode({command: 'init', application: 'XXXXX-XXXXX', consent: 'consentMode'});
    assertThat(calls).isEqualTo([]);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: a page with its own script gets no other
  code: |-
    runCode({command: 'event', eventName: 'Bought', isOnPage: true});
    assertApi('injectScript').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: a script that cannot be loaded is a failure
  code: |-
    mock('injectScript', (_url, _onSuccess, onFailure) => onFailure());
    runCode({command: 'event', eventName: 'Bought'});
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: a user id stays a string
  code: |-
    runCode({command: 'register', userId: '007'});
    assertThat(calls[0]).isEqualTo(['register', '007']);
    assertApi('gtmOnSuccess').wasCalled();
- name: an empty user id registers nobody
  code: |-
    runCode({command: 'register', userId: undefined});
    assertThat(calls).isEqualTo([]);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('injectScript').wasNotCalled();
- name: an empty user id registers the device if that is wanted
  code: |-
    runCode({command: 'register', userId: '', withoutUserId: true});
    assertThat(calls[0]).isEqualTo(['register']);
    assertApi('gtmOnSuccess').wasCalled();
- name: an event keeps the types of its attributes
  code: |-
    runCode({
      command: 'event',
      eventName: 'Bought',
      attributesObject: {price: 1, currency: 'EUR'},
      attributes: [
        {name: 'zip', value: '007'},
        {name: 'price', value: 9.5},
        {name: 'gift', value: false},
        {name: 'unset', value: undefined},
        {name: '', value: 'nameless'},
      ],
    });
    assertThat(calls[0]).isEqualTo(['event', 'Bought', {price: 9.5, currency: 'EUR', zip: '007', gift: false}]);
    assertApi('gtmOnSuccess').wasCalled();
- name: consent follows Consent Mode
  code: |-
    const listeners = {};
    mock('isConsentGranted', (type) => type === 'ad_storage');
    mock('addConsentListener', (type, listener) => {
      listeners[type] = listener;
    });
    runCode({
      command: 'init',
      application: 'XXXXX-XXXXX',
      consent: 'consentMode',
      analytics_storage: true,
      ad_storage: true,
    });
    assertThat(calls[0]).isEqualTo(['init', {application: 'XXXXX-XXXXX', consent: 'pending'}]);
    calls.splice(0, calls.length);
    listeners.analytics_storage('analytics_storage', true);
    listeners.analytics_storage('analytics_storage', true);
    listeners.ad_storage('ad_storage', false);
    listeners.analytics_storage('analytics_storage', false);
    assertThat(calls).isEqualTo([
      ['consent', 'granted'],
      ['consent', 'denied'],
    ]);
- name: init passes the options that are set
  code: |-
    runCode({
      command: 'init',
      application: 'XXXXX-XXXXX',
      token: '',
      userId: '007',
      consent: 'pending',
      clicks: false,
      attributes: [],
    });
    assertThat(calls[0]).isEqualTo([
      'init',
      {application: 'XXXXX-XXXXX', userId: '007', consent: 'pending', clicks: false},
    ]);
    assertApi('gtmOnSuccess').wasCalled();
    assertApi('gtmOnFailure').wasNotCalled();
- name: reset and consent are passed on
  code: |-
    runCode({command: 'reset'});
    runCode({command: 'consent', choice: 'denied'});
    assertThat(calls[0]).isEqualTo(['reset']);
    assertThat(calls[2]).isEqualTo(['consent', 'denied']);
- name: something else called pw is a failure
  code: |-
    mock('createArgumentsQueue', () => null);
    runCode({command: 'event', eventName: 'Bought'});
    assertApi('gtmOnFailure').wasCalled();
    assertApi('injectScript').wasNotCalled();
- name: what the tag would not take is a failure
  code: |-
    runCode({command: 'init', application: undefined, consent: 'granted'});
    runCode({command: 'event', eventName: undefined});
    runCode({command: 'event', eventName: 7});
    runCode({command: 'event', eventName: 'Bought', attributesObject: 'price'});
    runCode({command: 'register', userId: {id: '007'}});
    runCode({command: 'consent', choice: 'yes'});
    assertThat(calls).isEqualTo([]);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
setup: |-
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


___NOTES___

Made by gtm/build.mjs of pw-tag 0.1.0.
