package monitoring

// Plan says what to estimate and how to show it.
type Plan struct {
	Languages []string
}
