// The form of the template, in the order in which it is shown.

/** Shown for tags of these types alone. */
const only = (commands, field) => ({
  ...field,
  enablingConditions: commands.map(paramValue => ({
    paramName: 'command',
    paramValue,
    type: 'EQUALS',
  })),
})

const wants = { type: 'NON_EMPTY' }

const text = (name, displayName, help, ...valueValidators) => ({
  type: 'TEXT',
  name,
  displayName,
  simpleValueType: true,
  ...(help && { help }),
  ...(valueValidators.length && { valueValidators }),
})

const checkbox = (name, checkboxText, defaultValue, help) => ({
  type: 'CHECKBOX',
  name,
  checkboxText,
  simpleValueType: true,
  defaultValue,
  ...(help && { help }),
})

const select = (name, displayName, items, more) => ({
  type: 'SELECT',
  name,
  displayName,
  macrosInSelect: false,
  selectItems: Object.entries(items).map(([value, displayValue]) => ({ value, displayValue })),
  simpleValueType: true,
  ...more,
})

const group = (name, displayName, subParams) => ({
  type: 'GROUP',
  name,
  displayName,
  groupStyle: 'ZIPPY_CLOSED',
  subParams,
})

/** @param {string[]} consentTypes those that the template may read */
export const fields = consentTypes => [
  select(
    'command',
    'Tag type',
    {
      init: 'Start (init)',
      event: 'Post an event',
      register: 'Register a user',
      reset: 'Log-out (reset)',
      consent: 'Set consent',
    },
    { defaultValue: 'init', notSetText: 'Choose one' },
  ),

  only(
    ['init'],
    text('application', 'Application code', 'As in the Control Panel: XXXXX-XXXXX', wants, {
      type: 'REGEX',
      args: ['([0-9A-Z]{5}-[0-9A-Z]{5}|\\{\\{.*\\}\\})'],
    }),
  ),
  only(
    ['init'],
    text(
      'token',
      'Device API token',
      'Sent with registerUser. Never the server token. Leave it out where a proxy of yours adds it.',
    ),
  ),
  only(['event'], text('eventName', 'Name of the event', 'As in the Control Panel', wants)),
  only(['event'], {
    type: 'SIMPLE_TABLE',
    name: 'attributes',
    displayName: 'Attributes',
    help: 'A value keeps its type: what you type here is a string, a variable is what it gives.',
    newRowButtonText: 'Add attribute',
    simpleTableColumns: ['Name', 'Value'].map(displayName => ({
      type: 'TEXT',
      name: displayName.toLowerCase(),
      displayName,
      defaultValue: '',
    })),
  }),
  only(
    ['event'],
    text(
      'attributesObject',
      'Attributes from a variable',
      'A variable that gives an object. The table above outranks it.',
    ),
  ),
  only(
    ['init', 'register'],
    text('userId', 'User id', 'Registers the device with this user. Stays as it is: 007 is not 7.'),
  ),
  only(
    ['register'],
    checkbox(
      'withoutUserId',
      'Register the device where the user id is empty',
      false,
      'Under its own device id. Otherwise the tag fails.',
    ),
  ),
  only(
    ['consent'],
    select(
      'choice',
      'Consent',
      { granted: 'granted', denied: 'denied' },
      { macrosInSelect: true, defaultValue: 'granted' },
    ),
  ),
  only(
    ['init'],
    select(
      'consent',
      'Consent at the start',
      {
        granted: 'granted',
        pending: 'pending: nothing is stored or sent until it is set',
        denied: 'denied',
        consentMode: 'by Consent Mode',
      },
      { defaultValue: 'granted' },
    ),
  ),
  {
    ...only(['init'], {
      type: 'GROUP',
      name: 'consentTypes',
      displayName: 'All of these must be granted',
      groupStyle: 'NO_ZIPPY',
      subParams: consentTypes.map(type => checkbox(type, type, type === consentTypes[0])),
    }),
    enablingConditions: [{ paramName: 'consent', paramValue: 'consentMode', type: 'EQUALS' }],
  },
  only(
    ['init'],
    group('more', 'More options', [
      text('endpoint', 'Endpoint', 'Of a proxy of yours: an absolute address, or a path.'),
      text('hwid', 'Device id (HWID)', 'Instead of a generated one'),
      text('deviceType', 'Device type', '10 Safari, 11 Chrome, 12 Firefox. Empty: by the browser.'),
      text('pageEvent', 'Event at each page view', 'Its name. Empty: none.'),
      checkbox('clicks', 'Post events declared in the page (data-pw-event)', true),
      checkbox('gpc', 'Where the browser sends Global Privacy Control, start as denied', false),
      checkbox('debug', 'Say in the console what happens', false),
    ]),
  ),
  checkbox(
    'isOnPage',
    'The page loads pw.js itself',
    false,
    'Then this tag does not. The same in all tags.',
  ),
]
