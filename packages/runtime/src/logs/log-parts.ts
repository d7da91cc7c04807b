import { Buffer } from 'node:buffer'
import { open, readdir, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isId } from '@m3m/base'

/** A log is one growing file and, before it, the parts it outgrew. Offsets count from the log's first byte ever. */
export interface LogPart {
  path: string
  /** Offset of the part's first byte in the whole log. */
  start: number
  sizeBytes: number
  /** The file that was looked at: its name may be another's by the time it is read. */
  inode: number
  /** Its name once it is full. */
  fullPath: string
}

/** `{folder}/{projectId}`, or null for what is no id: nothing a caller sends becomes part of a path unchecked. */
export function projectFolder(folder: string, projectId: string): string | null {
  return isId(projectId) ? join(folder, projectId) : null
}

/** The file that grows. */
export function livePath(projectPath: string, runId: string): string {
  return join(projectPath, `${runId}.log`)
}

/** A part that is full; its name says where in the log it begins. */
export function fullPath(projectPath: string, runId: string, start: number): string {
  return join(projectPath, `${runId}.${String(start).padStart(14, '0')}.log`)
}

/** The run a file of a project's folder belongs to, or null for a stranger. */
export function runOf(fileName: string): string | null {
  return /^([0-9a-f]{24})(\.\d{14})?\.log$/.exec(fileName)?.[1] ?? null
}

/** The parts of a run's log that exist, oldest first; the last one is the file that grows. Empty for an unknown run. */
export async function listParts(folder: string, projectId: string, runId: string): Promise<LogPart[]> {
  const projectPath = projectFolder(folder, projectId)
  return projectPath && isId(runId) ? partsOf(projectPath, runId) : []
}

/** The parts of `{folder}/{name}.log`, likewise. `name` is no word of a caller's. */
export async function partsOf(folder: string, name: string): Promise<LogPart[]> {
  let names = await fullNames(folder, name)
  for (;;) {
    const parts = await statParts(folder, name, names)
    // A rotation between the two looks would count the new file as the old one.
    const again = await fullNames(folder, name)
    if (again.join() === names.join()) return parts
    names = again
  }
}

async function fullNames(folder: string, name: string): Promise<string[]> {
  const found = await readdir(folder).catch(() => [] as string[])
  const isFull = (file: string) =>
    file.startsWith(`${name}.`) && /^\d{14}\.log$/.test(file.slice(name.length + 1))
  return found.filter(isFull).sort()
}

async function statParts(projectPath: string, runId: string, names: string[]): Promise<LogPart[]> {
  const parts: LogPart[] = []
  for (const name of names) {
    const path = join(projectPath, name)
    const found = await stat(path).catch(() => null)
    const start = Number(name.split('.')[1])
    if (found) parts.push({ path, start, sizeBytes: found.size, inode: found.ino, fullPath: path })
  }
  const path = livePath(projectPath, runId)
  const live = await stat(path).catch(() => null)
  if (live) {
    const last = parts.at(-1)
    const start = last ? last.start + last.sizeBytes : 0
    const full = fullPath(projectPath, runId, start)
    parts.push({ path, start, sizeBytes: live.size, inode: live.ino, fullPath: full })
  }
  return parts
}

/** Where the log begins and ends. */
export function extentOf(parts: readonly LogPart[]): { start: number; end: number } {
  const last = parts.at(-1)
  return last ? { start: parts[0]!.start, end: last.start + last.sizeBytes } : { start: 0, end: 0 }
}

/** The bytes from `from` to `to` (exclusive), fewer where a part is gone or shorter than it was when listed. */
export async function readRange(parts: readonly LogPart[], from: number, to: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (const part of parts) {
    const start = Math.max(from, part.start)
    const end = Math.min(to, part.start + part.sizeBytes)
    if (start >= end) continue
    const piece = await readPiece(part, start - part.start, end - start)
    pieces.push(piece)
    if (piece.length < end - start) break
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

/** Opens the very file that was listed, by whichever of its names it has now; null when it is gone. */
export async function openPart(part: LogPart): Promise<FileHandle | null> {
  for (const path of new Set([part.path, part.fullPath])) {
    const handle = await open(path, 'r').catch(() => null)
    if (!handle) continue
    if ((await handle.stat()).ino === part.inode) return handle
    await handle.close()
  }
  return null
}

async function readPiece(part: LogPart, position: number, length: number): Promise<Buffer> {
  const handle = await openPart(part)
  if (!handle) return Buffer.alloc(0)
  try {
    const buffer = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await handle.read(buffer, done, length - done, position + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return buffer.subarray(0, done)
  } finally {
    await handle.close()
  }
}
