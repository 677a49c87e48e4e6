// `npm run dev`: rebuilds `dist/` at each change of `src/`, and serves the demo, which reads it at each request.
import { spawn } from 'node:child_process'

spawn('npx', ['rollup', '-c', '--watch'], { stdio: 'inherit' })
await import('./server.mjs')
