interface ImageOutput {
  /** Default by the ending of the target: png, jpg, webp, avif, gif, tiff. */
  format?: 'png' | 'jpg' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff'
  /** 1 to 100, default 85; for jpg, webp, avif and tiff. */
  quality?: number
}
interface ImageOverlay {
  /** Place of the left upper corner; both or none. */
  x?: number
  y?: number
  /** `'center'`, `'top-left'`, `'top'`, … `'bottom-right'`. */
  position?: string
  /** 0 to 1. */
  opacity?: number
}
interface ImageWatermark extends ImageOverlay {
  /** A line of text, or the path of a picture in `image`. */
  text?: string
  image?: string
  /** Of the text, in pixels; default 24. */
  size?: number
  /** Of the text; default white. */
  color?: string
}
/** Changes of one picture, done in this order when `save` is called. */
interface ImageChain {
  resize(width: number, height: number): ImageChain
  resizeKeepRatio(maxWidth: number, maxHeight: number): ImageChain
  crop(x: number, y: number, width: number, height: number): ImageChain
  thumbnail(size: number): ImageChain
  rotate(degrees: number, background?: string): ImageChain
  flip(direction?: 'horizontal' | 'vertical'): ImageChain
  grayscale(): ImageChain
  blur(sigma?: number): ImageChain
  composite(overlayPath: string, options?: ImageOverlay): ImageChain
  watermark(options: string | ImageWatermark): ImageChain
  save(target: string, options?: ImageOutput): Promise<true>
}

/**
 * Pictures of the storage: png, jpg, webp, avif, gif, tiff and svg are read, all but svg written, by the ending of the
 * target. At most 50 MB and 64 megapixels. Orientation of photographs is followed. Functions give `true`.
 *
 * Errors: STORAGE_*, IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_ARGUMENT_INVALID, IMAGE_OUT_OF_RANGE, IMAGE_FORMAT_UNKNOWN, TOOL_*.
 */
interface ImageModule {
  /** Size and format: `png`, `jpeg`, `webp`, `gif`, `svg`, `tiff`, `heif` (AVIF). */
  info(path: string): Promise<{ width: number; height: number; format: string }>
  /** To exactly this size; the sides may be distorted. */
  resize(source: string, target: string, width: number, height: number): Promise<true>
  /** To fit into this size, sides in proportion; may become larger. */
  resizeKeepRatio(source: string, target: string, maxWidth: number, maxHeight: number): Promise<true>
  /** A part. @throws IMAGE_OUT_OF_RANGE */
  crop(source: string, target: string, x: number, y: number, width: number, height: number): Promise<true>
  /** The middle as a square of this size. */
  thumbnail(source: string, target: string, size: number): Promise<true>
  /** Clockwise; at other than right angles the corners get the background (default transparent). */
  rotate(source: string, target: string, degrees: number, background?: string): Promise<true>
  /** Left and right change places (`'horizontal'`, the default), or top and bottom. */
  flip(source: string, target: string, direction?: 'horizontal' | 'vertical'): Promise<true>
  grayscale(source: string, target: string): Promise<true>
  /** @param sigma 0.3 to 100, default 3. */
  blur(source: string, target: string, sigma?: number): Promise<true>
  /** In another format, by the ending of the target or by `format`. */
  convert(source: string, target: string, options?: ImageOutput): Promise<true>
  /** Puts another picture of the storage on it; one that is larger is fitted in. */
  composite(source: string, target: string, overlayPath: string, options?: ImageOverlay): Promise<true>
  /** Puts a text or a picture on it, half transparent at the lower right unless said otherwise. */
  watermark(source: string, target: string, options: string | ImageWatermark): Promise<true>
  /** The picture as a data URI. */
  readAsBase64(path: string): Promise<string>
  /** A chain of changes: `image.open(a).resize(100, 80).grayscale().save(b)`. */
  open(path: string): ImageChain
}
