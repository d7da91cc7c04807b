import { canvasLibrary, DEFAULT_FONT } from './fonts.ts'

/** A line of text on nothing, as PNG, just as large as the text. */
export async function drawLabel({
  text,
  size,
  color,
}: {
  text: string
  size: number
  color: string
}): Promise<Buffer> {
  const { createCanvas } = await canvasLibrary()
  const font = `${size}px "${DEFAULT_FONT}"`
  const probe = createCanvas(1, 1).getContext('2d')
  probe.font = font
  const width = Math.min(10_000, Math.ceil(probe.measureText(text).width) + size)
  const canvas = createCanvas(width, Math.ceil(size * 1.6))
  const context = canvas.getContext('2d')
  context.font = font
  context.fillStyle = color
  context.textBaseline = 'middle'
  context.fillText(text, size / 2, canvas.height / 2)
  return canvas.toBuffer('image/png')
}
