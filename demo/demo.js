import { el } from './dom.js'

const PRODUCTS = [
  {
    id: 'sencha',
    name: 'Sencha',
    price: 14,
    hue: 128,
    about: 'First flush from Uji. Grass, sea air, two minutes.',
  },
  {
    id: 'oolong',
    name: 'Dong Ding',
    price: 19,
    hue: 42,
    about: 'Rolled, roasted over charcoal. Opens for seven infusions.',
  },
  {
    id: 'assam',
    name: 'Assam',
    price: 11,
    hue: 16,
    about: 'Malt and brass. Takes milk, forgives you everything.',
  },
  {
    id: 'white',
    name: 'White Peony',
    price: 22,
    hue: 330,
    about: 'Buds and the first leaves, dried in the shade.',
  },
  {
    id: 'puer',
    name: 'Shou Pu’er',
    price: 27,
    hue: 280,
    about: 'Eleven years in a cellar. Forest floor after rain.',
  },
  {
    id: 'mint',
    name: 'Moroccan Mint',
    price: 9,
    hue: 168,
    about: 'Gunpowder green and nana mint. Sugar is your affair.',
  },
]
const STORAGE_KEY = 'slow-leaf'

const $ = id => document.getElementById(id)
const euros = amount => `€ ${amount}`
const shop = { user: null, cart: {}, ...JSON.parse(localStorage.getItem(STORAGE_KEY)) }

const cartLines = () => PRODUCTS.filter(({ id }) => shop.cart[id])
const cartSize = () => Object.values(shop.cart).reduce((sum, n) => sum + n, 0)
const cartTotal = () => cartLines().reduce((sum, { id, price }) => sum + shop.cart[id] * price, 0)

function show() {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(shop))
  $('login').hidden = shop.user !== null
  $('logged-in').hidden = shop.user === null
  $('user-name').textContent = shop.user
  $('cart').replaceChildren(
    ...cartLines().map(product => {
      const remove = el('button', { type: 'button', className: 'link' }, 'Remove')
      remove.addEventListener('click', () => removeFromCart(product))
      const sum = euros(shop.cart[product.id] * product.price)
      return el(
        'li',
        {},
        el('span', { className: 'line' }, `${shop.cart[product.id]} × ${product.name}`),
        sum,
        remove,
      )
    }),
  )
  $('cart-empty').hidden = cartSize() > 0
  $('total').textContent = cartSize() ? euros(cartTotal()) : ''
  $('checkout').hidden = cartSize() === 0
  $('checkout').setAttribute('data-pw-attr-cart', cartSize())
}

function addToCart({ id, price }) {
  shop.cart[id] = (shop.cart[id] ?? 0) + 1
  show()
  pw('event', 'addedToCart', { product: id, price, items: cartSize(), total: cartTotal() })
}

function removeFromCart({ id }) {
  delete shop.cart[id]
  show()
  pw('event', 'removedFromCart', { product: id, items: cartSize(), total: cartTotal() })
}

function view(product) {
  const { id, name, price, hue, about } = product
  $('product').style.setProperty('--hue', hue)
  $('product-name').textContent = name
  $('product-about').textContent = about
  $('product-add').textContent = `Add to cart, ${euros(price)}`
  $('product').onclose = () => $('product').returnValue === 'add' && addToCart(product)
  $('product').returnValue = ''
  $('product').showModal()
  pw('event', 'productViewed', { product: id, price, at: new Date() })
}

function card(product) {
  const open = el(
    'button',
    { type: 'button', className: 'open' },
    el('span', { className: 'tile' }),
    el('span', { className: 'name' }, product.name),
    el('span', { className: 'quiet' }, euros(product.price)),
  )
  const add = el('button', { type: 'button', className: 'plain' }, 'Add')
  add.setAttribute('aria-label', `Add ${product.name} to the cart`)
  open.addEventListener('click', () => view(product))
  add.addEventListener('click', () => addToCart(product))
  const item = el('li', {}, open, add)
  item.style.setProperty('--hue', product.hue)
  return item
}

$('login').addEventListener('submit', event => {
  event.preventDefault()
  shop.user = $('user-id').value
  show()
  pw('register', shop.user)
})

$('logout').addEventListener('click', () => {
  shop.user = null
  show()
  pw('reset')
})

for (const button of document.querySelectorAll('[data-consent]')) {
  button.addEventListener('click', () => pw('consent', button.dataset.consent))
}

$('products').append(...PRODUCTS.map(card))
show()
// On every page, as a site does: the tag sends it only when something in it is new.
if (shop.user) pw('register', shop.user)
