import { Component, type ErrorInfo, type ReactNode } from 'react'
import { ErrorState } from './error-state.tsx'

interface Props {
  /** A change of it (another page) gives the children another chance. */
  resetKey?: string
  children: ReactNode
}

/** A broken page leaves the frame standing and says what broke. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }

  override componentDidUpdate(previous: Props) {
    if (previous.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null })
  }

  override render() {
    if (!this.state.error) return this.props.children
    return (
      <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} className="m-6" />
    )
  }
}
