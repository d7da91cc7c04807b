import {
  BracesIcon,
  FileArchiveIcon,
  FileAudioIcon,
  FileCodeIcon,
  FileIcon,
  FileImageIcon,
  FileSpreadsheetIcon,
  FileTextIcon,
  FileTypeIcon,
  FileVideoIcon,
  FolderIcon,
  type LucideIcon,
} from 'lucide-react'

/** What a file is good for in the panel, told by its name; the agent looks at the content. */
export type FileKind =
  | 'folder'
  | 'image'
  | 'video'
  | 'audio'
  | 'text'
  | 'code'
  | 'json'
  | 'table'
  | 'pdf'
  | 'archive'
  | 'font'
  | 'unknown'

const ENDINGS: Record<Exclude<FileKind, 'folder' | 'unknown'>, string> = {
  image: 'png jpg jpeg gif webp avif svg tif tiff bmp ico heic',
  video: 'mp4 webm mov m4v ogv mkv',
  audio: 'mp3 wav ogg oga flac m4a aac opus',
  text: 'txt md markdown log env ini conf cfg toml properties gitignore rst',
  code: 'js mjs cjs ts mts tsx jsx css scss less html htm xml yaml yml sh py rb go rs java c h cpp sql graphql vue',
  json: 'json jsonl ndjson geojson map webmanifest',
  table: 'csv tsv xls xlsx ods',
  pdf: 'pdf',
  archive: 'zip gz tgz tar bz2 xz zst 7z rar',
  font: 'ttf otf woff woff2',
}

const KIND_OF = new Map(
  Object.entries(ENDINGS).flatMap(([kind, endings]) =>
    endings.split(' ').map((ending) => [ending, kind as FileKind] as const),
  ),
)

const ICONS: Record<FileKind, LucideIcon> = {
  folder: FolderIcon,
  image: FileImageIcon,
  video: FileVideoIcon,
  audio: FileAudioIcon,
  text: FileTextIcon,
  code: FileCodeIcon,
  json: BracesIcon,
  table: FileSpreadsheetIcon,
  pdf: FileTypeIcon,
  archive: FileArchiveIcon,
  font: FileTypeIcon,
  unknown: FileIcon,
}

export function fileKind(name: string): FileKind {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return KIND_OF.get(ending) ?? 'unknown'
}

export const kindIcon = (kind: FileKind): LucideIcon => ICONS[kind]

/** Of which the agent makes small pictures (adapters/previews.ts of apps/agent). */
export const hasPreview = (name: string): boolean => /\.(?:png|jpe?g|gif|webp|avif|tiff?|svg)$/i.test(name)
