import { MutationCache, QueryClient } from '@tanstack/react-query'
import { isNetworkFailure } from '../errors/describe-error.ts'
import { toastError } from '../errors/toast-error.ts'

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** The page shows the error in its own place. */
      showsError?: boolean
    }
  }
}

/** Subscriptions keep what is on the screen true; a refetch on focus repairs what a sleeping laptop missed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.showsError) toastError(error)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // The connection banner asks again by itself; an error of the agent does not change by asking.
        retry: (count, error) => isNetworkFailure(error) && count < 2,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
