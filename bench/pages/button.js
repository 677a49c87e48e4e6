// A button on which each click sends what `next` says, and how long its handler took, in ms.
let next
const took = []
document.querySelector('button').addEventListener('click', () => {
  const { by, name } = next()
  calledAt = performance.now()
  by(name)
  took.push(performance.now() - calledAt)
})
