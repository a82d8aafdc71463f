import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pin } from './cores.mjs'

/**
 * Starts a module of this folder in a process of its own, which says when it is ready and then answers questions.
 *
 * @param path of the module, from this package's folder
 * @param argument anything, as the module's `argument`
 * @param options the core that the process is kept on, if any, and the flags of Node.js
 */
export async function startProcess(path, argument, { core, execArgv = [] } = {}) {
  const [execPath, ...rest] = [...pin(core), process.execPath, ...execArgv]
  const child = fork(fileURLToPath(new URL(`../${path}`, import.meta.url)), [JSON.stringify(argument ?? null)], {
    execPath,
    execArgv: rest,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ready = await nextMessage(child, path)
  return {
    ready,
    ask(question) {
      const answer = nextMessage(child, path)
      child.send(question)
      return answer
    },
    /** Ends the process, and waits for that: the next one must not be measured beside it. */
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

/** Runs a module that has one thing to say, and gives that. */
export async function runProcess(path, argument, options) {
  const { ready, stop } = await startProcess(path, argument, options)
  await stop()
  return ready
}

/** What the module was started with. */
export function readArgument() {
  return JSON.parse(process.argv[2] ?? 'null')
}

/** Says that the module is ready, and answers by the name of the question. The process goes when its parent does. */
export function answerQuestions(ready, answers = {}) {
  process.on('message', async ({ question, ...parameters }) => process.send(await answers[question](parameters)))
  process.on('disconnect', () => process.exit())
  process.send(ready)
}

function nextMessage(child, path) {
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      child.off('exit', onExit)
      resolve(message)
    }
    const onExit = (code) => {
      child.off('message', onMessage)
      reject(new Error(`${path} ended with code ${code} before it answered`))
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
  })
}
