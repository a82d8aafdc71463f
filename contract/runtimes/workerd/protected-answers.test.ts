import { describeAnswers } from '../describe-answers.js'
import { startWorker } from './start-worker.js'

describeAnswers((options) => startWorker(options, {}, 'protected-worker.ts'))
