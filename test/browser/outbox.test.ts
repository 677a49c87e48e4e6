import { outboxContract } from '../contract/outbox.ts'
import { brokenTable, createPage, noDatabase } from './parts.ts'

outboxContract('IndexedDB', async clock => {
  await noDatabase()
  return createPage(clock).outbox
})

outboxContract('memory', async clock => createPage(clock, brokenTable).outbox)
