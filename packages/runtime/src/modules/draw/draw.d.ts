/** A picture of the storage, to be drawn. */
interface DrawImage {
  readonly path: string
  readonly width: number
  readonly height: number
}
interface DrawGradient {
  /** @param offset 0 to 1. */
  addColorStop(offset: number, color: string): void
}
/** A gradient or pattern. */
type DrawPaint = string | DrawGradient
interface DrawTextMetrics {
  width: number
  actualBoundingBoxAscent: number
  actualBoundingBoxDescent: number
  actualBoundingBoxLeft: number
  actualBoundingBoxRight: number
  fontBoundingBoxAscent: number
  fontBoundingBoxDescent: number
}
/** The context of a canvas as in browsers. What is drawn is recorded; only `measureText` waits. */
interface DrawContext {
  fillStyle: DrawPaint
  strokeStyle: DrawPaint
  lineWidth: number
  lineCap: 'butt' | 'round' | 'square'
  lineJoin: 'bevel' | 'round' | 'miter'
  miterLimit: number
  lineDashOffset: number
  /** As in CSS: `'bold 20px "DejaVu Sans"'`. */
  font: string
  textAlign: 'start' | 'end' | 'left' | 'right' | 'center'
  textBaseline: 'top' | 'hanging' | 'middle' | 'alphabetic' | 'ideographic' | 'bottom'
  direction: 'ltr' | 'rtl'
  globalAlpha: number
  globalCompositeOperation: string
  shadowBlur: number
  shadowColor: string
  shadowOffsetX: number
  shadowOffsetY: number
  filter: string
  imageSmoothingEnabled: boolean
  imageSmoothingQuality: 'low' | 'medium' | 'high'
  letterSpacing: string
  wordSpacing: string
  save(): void
  restore(): void
  beginPath(): void
  closePath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void
  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise?: boolean): void
  arcTo(x1: number, y1: number, x2: number, y2: number, radius: number): void
  ellipse(
    x: number,
    y: number,
    radiusX: number,
    radiusY: number,
    rotation: number,
    from: number,
    to: number,
    counterclockwise?: boolean,
  ): void
  rect(x: number, y: number, width: number, height: number): void
  roundRect(x: number, y: number, width: number, height: number, radii?: number | number[]): void
  fill(rule?: 'nonzero' | 'evenodd'): void
  stroke(): void
  clip(rule?: 'nonzero' | 'evenodd'): void
  fillRect(x: number, y: number, width: number, height: number): void
  strokeRect(x: number, y: number, width: number, height: number): void
  clearRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number, maxWidth?: number): void
  strokeText(text: string, x: number, y: number, maxWidth?: number): void
  /** Size of a text in the font that is set. */
  measureText(text: string): Promise<DrawTextMetrics>
  drawImage(image: DrawImage, x: number, y: number, width?: number, height?: number): void
  drawImage(
    image: DrawImage,
    sx: number,
    sy: number,
    swidth: number,
    sheight: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): void
  setLineDash(segments: number[]): void
  translate(x: number, y: number): void
  rotate(radians: number): void
  scale(x: number, y: number): void
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void
  resetTransform(): void
  createLinearGradient(x1: number, y1: number, x2: number, y2: number): DrawGradient
  createRadialGradient(x1: number, y1: number, r1: number, x2: number, y2: number, r2: number): DrawGradient
  createConicGradient(from: number, x: number, y: number): DrawGradient
  createPattern(image: DrawImage, repetition?: 'repeat' | 'repeat-x' | 'repeat-y' | 'no-repeat'): DrawGradient
}

/** A canvas. Simple calls and the context draw on the same picture; at most 100,000 commands. */
interface DrawCanvas {
  getContext(kind: '2d'): DrawContext
  /** A name, `#RGB`, `#RRGGBB`, `#RRGGBBAA`, `rgb(…)`; anything else is black. */
  setColor(color: string): void
  setLineWidth(width: number): void
  /** The whole canvas in one colour (default white). */
  clear(color?: string): void
  rect(x: number, y: number, width: number, height: number): void
  fillRect(x: number, y: number, width: number, height: number): void
  circle(x: number, y: number, radius: number): void
  fillCircle(x: number, y: number, radius: number): void
  line(x1: number, y1: number, x2: number, y2: number): void
  ellipse(x: number, y: number, radiusX: number, radiusY: number): void
  fillEllipse(x: number, y: number, radiusX: number, radiusY: number): void
  /** Angles in radians. */
  arc(x: number, y: number, radius: number, from: number, to: number): void
  roundedRect(x: number, y: number, width: number, height: number, radius: number): void
  fillRoundedRect(x: number, y: number, width: number, height: number, radius: number): void
  polygon(points: [number, number][]): void
  fillPolygon(points: [number, number][]): void
  /** Begins at `x` on the base line `y`. */
  text(text: string, x: number, y: number): void
  /** Its middle is at `x`, `y`. */
  textCentered(text: string, x: number, y: number): void
  /** `'DejaVu Sans'` or a font loaded before. @throws DRAW_FONT_UNKNOWN */
  setFont(name: string): void
  /** Pixels; 13 at first. */
  setFontSize(pixels: number): void
  drawImage(image: DrawImage, x: number, y: number, width?: number, height?: number): void
  translate(x: number, y: number): void
  rotate(radians: number): void
  scale(x: number, y: number): void
  push(): void
  pop(): void
  width(): number
  height(): number
  /** Into the storage, in the format of the ending: png, jpg, webp, avif, gif. @returns true */
  save(path: string, options?: { quality?: number }): Promise<true>
  /** `'png'` (default), `'jpg'`, `'webp'`, `'avif'` or `'gif'`. */
  toBytes(format?: string, options?: { quality?: number }): Promise<Uint8Array>
  /** A data URI. */
  toBase64(format?: string, options?: { quality?: number }): Promise<string>
}

/**
 * Drawing. Everything is recorded and drawn by a helper process when the picture is asked for. The default font has
 * Latin, Cyrillic and Greek letters.
 *
 * Errors: DRAW_CANVAS_TOO_LARGE, DRAW_TOO_MANY_COMMANDS, DRAW_FONT_UNKNOWN, DRAW_FONT_INVALID, DRAW_IMAGE_INVALID,
 * DRAW_ARGUMENT_INVALID, IMAGE_INVALID, STORAGE_*, TOOL_*.
 */
interface DrawModule {
  /** An empty, transparent canvas; default 100 × 100, at most 64 megapixels. @throws DRAW_CANVAS_TOO_LARGE */
  createCanvas(width?: number, height?: number): DrawCanvas
  /** A picture of the storage for `drawImage`. @throws STORAGE_NOT_FOUND, IMAGE_INVALID */
  loadImage(path: string): Promise<DrawImage>
  /** A font of the storage (TTF, OTF, WOFF) under a name. @returns true @throws STORAGE_NOT_FOUND, DRAW_FONT_INVALID */
  loadFont(name: string, path: string): Promise<true>
}
