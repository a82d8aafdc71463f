import { describeAnswers } from '../describe-answers.js'
import { createStart } from '../start-program.js'

describeAnswers(createStart('bun', []))
