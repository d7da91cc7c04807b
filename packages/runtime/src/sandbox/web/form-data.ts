// FormData: XMLHttpRequest, "Interface FormData"; and multipart bodies read into one.
import { Blob, File } from './blob.ts'
import { demand, hiddenMember, webInterface } from './interface.ts'
import { pairIterator } from './pair-iterator.ts'

export type FormValue = string | File

export class FormData {
  #entries: [string, FormValue][] = []

  constructor(form?: unknown) {
    if (form !== undefined) throw new TypeError('There are no form elements here: append the fields.')
  }
  append(name: unknown, value: unknown, filename?: unknown): void {
    demand(2, arguments.length, 'FormData.append')
    this.#entries.push(entry(name, value, filename, arguments.length > 2))
  }
  set(name: unknown, value: unknown, filename?: unknown): void {
    demand(2, arguments.length, 'FormData.set')
    const made = entry(name, value, filename, arguments.length > 2)
    const at = this.#entries.findIndex(([key]) => key === made[0])
    if (at < 0) this.#entries.push(made)
    else
      this.#entries = this.#entries.flatMap((each, i) =>
        i === at ? [made] : each[0] === made[0] ? [] : [each],
      )
  }
  get(name: unknown): FormValue | null {
    demand(1, arguments.length, 'FormData.get')
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null
  }
  getAll(name: unknown): FormValue[] {
    demand(1, arguments.length, 'FormData.getAll')
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value)
  }
  has(name: unknown): boolean {
    demand(1, arguments.length, 'FormData.has')
    return this.#entries.some(([key]) => key === String(name))
  }
  delete(name: unknown): void {
    demand(1, arguments.length, 'FormData.delete')
    this.#entries = this.#entries.filter(([key]) => key !== String(name))
  }
  forEach(fn: (value: FormValue, name: string, form: FormData) => void, self?: unknown): void {
    if (typeof fn !== 'function') throw new TypeError('FormData.forEach needs a function.')
    for (const [name, value] of this) fn.call(self, value, name, this)
  }
  entries(): IterableIterator<[string, FormValue]> {
    return pairIterator(
      'FormData',
      () => this.#entries,
      (pair): [string, FormValue] => [pair[0], pair[1]],
    )
  }
  keys(): IterableIterator<string> {
    return pairIterator(
      'FormData',
      () => this.#entries,
      ([name]) => name,
    )
  }
  values(): IterableIterator<FormValue> {
    return pairIterator(
      'FormData',
      () => this.#entries,
      ([, value]) => value,
    )
  }
  declare [Symbol.iterator]: () => IterableIterator<[string, FormValue]>
}
hiddenMember(FormData.prototype, Symbol.iterator, FormData.prototype.entries)
webInterface(FormData, 'FormData')

function entry(name: unknown, value: unknown, filename: unknown, named: boolean): [string, FormValue] {
  const key = String(name).toWellFormed()
  if (!(value instanceof Blob)) {
    if (named) throw new TypeError('Only a Blob or a File can have a file name.')
    return [key, String(value).toWellFormed()]
  }
  if (value instanceof File && !named) return [key, value]
  const { type } = value
  const options = value instanceof File ? { type, lastModified: value.lastModified } : { type }
  return [key, new File([value], named ? String(filename) : 'blob', options)]
}
