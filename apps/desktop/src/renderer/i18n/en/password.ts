export const password = {
  password: {
    strength: {
      short: 'Too short: 8 characters at least.',
      guessed: 'Guessed quickly. Add words that do not belong together.',
      weak: 'Weak. A few more characters make it much stronger.',
      good: 'Good.',
      strong: 'Strong.',
    },
  },
} as const
