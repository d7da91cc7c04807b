/** What is sent: the server keeps pictures of this size (apps/agent, adapters/avatars.ts). */
const SIZE_PIXELS = 256
const QUALITY = 0.92

/** A square of the picture, in its own pixels. */
export interface CroppedArea {
  x: number
  y: number
  width: number
  height: number
}

/** The square as a picture of its own: nothing of what a camera wrote beside the pixels is in it. */
export async function drawAvatar(source: string, { x, y, width, height }: CroppedArea): Promise<Blob> {
  const image = new Image()
  image.src = source
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE_PIXELS
  const pen = canvas.getContext('2d')!
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(image, x, y, width, height, 0, 0, SIZE_PIXELS, SIZE_PIXELS)
  return new Promise((resolve, reject) =>
    // A browser that writes no WebP gives a PNG, which the server takes as well.
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture cannot be drawn.'))),
      'image/webp',
      QUALITY,
    ),
  )
}
