import { defineErrors } from '@m3m/base'

/** Why a picture was not made. */
export const imageErrors = defineErrors({
  IMAGE_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { reason: string }) => `This is no picture that can be read: ${p.reason}.`,
  },
  IMAGE_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { width: number; height: number; limit: number }) =>
      `A picture of ${p.width > 0 ? `${p.width} × ${p.height}` : 'this size'} is too large; ${Math.round(p.limit / 1_000_000)} megapixels are allowed.`,
  },
  IMAGE_ARGUMENT_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { step: string; expected: string }) => `"${p.step}" needs ${p.expected}.`,
  },
  IMAGE_OUT_OF_RANGE: {
    blame: 'user',
    status: 400,
    text: (p: { width: number; height: number }) =>
      `The part to crop lies outside of the picture (${p.width} × ${p.height}).`,
  },
  IMAGE_FORMAT_UNKNOWN: {
    blame: 'user',
    status: 400,
    text: (p: { format: string }) =>
      `"${p.format}" is no format that can be written; use png, jpg, webp, avif, gif or tiff.`,
  },
})
