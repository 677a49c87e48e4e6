const addConsentListener = require('addConsentListener');
const createArgumentsQueue = require('createArgumentsQueue');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const log = require('logToConsole');
const objects = require('Object');
const queryPermission = require('queryPermission');

const SCRIPT = 'PW_SRC';
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
