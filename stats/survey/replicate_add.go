package survey

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// addTo adds s to sum, place by place.
func addTo(sum, s []float64) { addTimes(sum, 1, s) }

// addTimes adds a·s to sum, place by place.
func addTimes(sum []float64, a float64, s []float64) {
	blas64.Implementation().Daxpy(len(s), a, s, 1, sum, 1)
}

// addRowsTimes adds each row of rows, which have the length of sum and follow
// each other, times its factor.
func addRowsTimes(sum, factor, rows []float64) {
	blas64.Implementation().Dgemv(blas.Trans, len(factor), len(sum), 1, rows, len(sum), factor, 1, 1, sum, 1)
}
