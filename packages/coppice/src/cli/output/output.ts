import { styleText } from 'node:util'
import { isCoppiceError, type CoppiceError, type Problem } from '@coppice/core'
import { printableLines } from './printable.js'

export interface OutputOptions {
  readonly json: boolean
  readonly quiet: boolean
}

type Style = Parameters<typeof styleText>[0]

/** Data goes to stdout; everything that is said about it goes to stderr. */
export class Output {
  readonly json: boolean
  readonly #quiet: boolean

  constructor({ json, quiet }: OutputOptions) {
    this.json = json
    this.#quiet = quiet
  }

  /** What the command was asked for: as text, or as one line of JSON. */
  data(text: string | Buffer, value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`)
    else if (text.length > 0) process.stdout.write(typeof text === 'string' ? `${text}\n` : text)
  }

  /** What a person may like to know; programs and quiet people do not. */
  note(text: string): void {
    if (!this.json && !this.#quiet) process.stderr.write(`${text}\n`)
  }

  /** Whether a person at a terminal may like to see how far something has come. */
  get isWatched(): boolean {
    return !this.json && !this.#quiet && process.stderr.isTTY && process.env['TERM'] !== 'dumb'
  }

  /** Something that stays owed; the command itself goes on. */
  warn({ task, effect, error }: Problem): void {
    if (this.json) {
      this.#errorLine({ warning: { task, effect, ...fieldsOf(error) } })
      return
    }
    const what = effect === null ? '' : `${effect} of `
    process.stderr.write(`${paint(process.stderr, 'yellow', 'warning')}: ${what}${task}: ${error.message}\n`)
    this.#hint(isCoppiceError(error) ? error.hint : null)
  }

  /** What came of the command was not what was hoped for. JSON has it in the data. */
  setback(title: string, lines: readonly string[]): void {
    if (this.json) return
    const head = `${paint(process.stderr, 'yellow', 'coppice')}: ${printableLines(title)}`
    process.stderr.write(`${[head, ...lines].join('\n')}\n`)
  }

  error(error: CoppiceError): void {
    if (this.json) {
      this.#errorLine({ error: fieldsOf(error) })
      return
    }
    process.stderr.write(`${paint(process.stderr, 'red', 'coppice')}: ${printableLines(error.message)}\n`)
    this.#hint(error.hint)
  }

  #hint(hint: string | null): void {
    if (hint !== null) process.stderr.write(`  ${printableLines(hint)}\n`)
  }

  #errorLine(value: unknown): void {
    process.stderr.write(`${JSON.stringify(value)}\n`)
  }
}

/** An error for programs: its code, message and hint, and what fields it has of its own. */
function fieldsOf(error: Error): Record<string, unknown> {
  const { name: _name, cause: _cause, ...fields } = error as Error & { readonly cause?: unknown }
  return { code: 'unexpected', hint: null, ...fields, message: error.message }
}

/** Colours text if the stream is a terminal that wants it; https://no-color.org says how a person refuses. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return hasColour(stream) ? styleText(style, text) : text
}

export function hasColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb'
}
