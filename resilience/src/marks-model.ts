import type { CacheWorld, Jwt } from './cache-world.js'

/** By so much ZITADEL's clock may be ahead. */
const toleranceSeconds = 5

/** So many calls of `forget` count one by one. */
const maxMarks = 10_000

interface Mark {
  readonly name: string
  /** How many calls of `forget` there were, each about something else. */
  readonly count: number
  readonly isAbout: (jwt: Jwt) => boolean
  /** JWTs from until then are meant. */
  readonly atSeconds: number
  /** For so long it counts for certain, by either clock. */
  readonly untilNowMs: number
  readonly untilElapsedMs: number
}

/**
 * What `forget` promises of JWTs: one from before is not believed for as long as it can live, and one that nobody forgot is. In
 * between the library has a choice: when a mark is over, and when there were more than it counts one by one.
 */
export class MarksModel {
  readonly #world: CacheWorld
  readonly #keepMs: number
  #marks: readonly Mark[] = []
  #all: Mark | undefined
  /** The last time at which one mark for all may have taken the place of too many. */
  #collapsed: Mark | undefined

  constructor(world: CacheWorld, keepMs: number) {
    this.#world = world
    this.#keepMs = keepMs
  }

  /** Whether one more would be one too many. */
  get isFull(): boolean {
    return this.#countAlive() >= maxMarks
  }

  add(name: string, isAbout: (jwt: Jwt) => boolean, count = 1): void {
    const before = this.#marks.find((mark) => mark.name === name)
    if (this.#countAlive() + count > maxMarks) this.#collapsed = this.#createMark([...this.#marks, this.#all])
    const others = this.#marks.filter((mark) => mark !== before)
    this.#marks = [...others, { ...this.#createMark([before]), name, count, isAbout }]
  }

  addAll(): void {
    const [before, collapsed] = [this.#all, this.#collapsed].map((mark) => this.#whileInTime(mark))
    this.#all = this.#createMark([before])
    this.#collapsed = collapsed && this.#createMark([collapsed])
  }

  /** Tells whether a JWT was forgotten after it was signed. */
  cover(jwt: Jwt): boolean | 'perhaps' {
    const marks = this.#marks.filter((mark) => mark.isAbout(jwt) && isBefore(jwt, mark))
    if (isBefore(jwt, this.#whileInTime(this.#all)) || marks.some((mark) => this.#isCertain(mark))) return true
    return marks.length > 0 || isBefore(jwt, this.#whileInTime(this.#collapsed)) ? 'perhaps' : false
  }

  /** A mark of now that takes the place of others, and counts for what they do. */
  #createMark(others: readonly (Mark | undefined)[]): Mark {
    const { nowMs, elapsedMs } = this.#world
    const atSeconds = nowMs / 1_000 + toleranceSeconds
    const ofOthers = others.map((mark) => mark?.atSeconds ?? Number.NEGATIVE_INFINITY)
    return {
      name: 'all',
      count: 1,
      isAbout: () => true,
      atSeconds: Math.max(atSeconds, ...ofOthers),
      untilNowMs: atSeconds * 1_000 + this.#keepMs,
      untilElapsedMs: elapsedMs + toleranceSeconds * 1_000 + this.#keepMs,
    }
  }

  #isCertain(mark: Mark): boolean {
    return this.#world.latestNowMs <= mark.untilNowMs && this.#whileInTime(mark) !== undefined
  }

  #whileInTime(mark: Mark | undefined): Mark | undefined {
    return mark !== undefined && this.#world.elapsedMs < mark.untilElapsedMs ? mark : undefined
  }

  /** None of these has gone for being over. */
  #countAlive(): number {
    const alive = this.#marks.filter((mark) => this.#world.nowMs <= mark.atSeconds * 1_000 + this.#keepMs)
    return alive.reduce((sum, { count }) => sum + count, 0)
  }
}

/** One that does not say when it was signed was signed before everything. */
function isBefore({ issuedAtSeconds = 0 }: Jwt, mark: Mark | undefined): mark is Mark {
  return mark !== undefined && issuedAtSeconds <= mark.atSeconds
}
