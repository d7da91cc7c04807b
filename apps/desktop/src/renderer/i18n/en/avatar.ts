/** The picture of an operator. */
export const avatar = {
  avatar: {
    choose: 'Choose picture…',
    change: 'Change picture…',
    remove: 'Remove picture',
    hint: 'PNG, JPEG, WebP, GIF or AVIF. Other operators see it beside your name.',
    tooLarge: 'The picture is larger than 50 MB. Choose a smaller one.',
    crop: 'Crop picture',
    cropHint: 'Drag the picture, or move it with the arrow keys. What is inside the circle is kept.',
    area: 'Part of the picture that is kept; arrow keys move it',
    zoom: 'Zoom',
    save: 'Save picture',
    saved: 'Picture saved.',
    removed: 'Picture removed.',
    unreadable: 'This file is not a picture, or it is damaged. Choose another one.',
  },
} as const
