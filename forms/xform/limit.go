package xform

// The bounds of what is read and worked through. A form or a submission beyond
// one of them is refused with a message that names the bound.
const (
	// MaxBytes is the largest XForm, submission or attached file, in bytes,
	// inclusive: 64 MiB.
	MaxBytes = 64 << 20
	// MaxDepth is the deepest nesting of elements, inclusive: room for the 500
	// groups inside one another that an XLSForm may have, two elements each.
	MaxDepth = 1_100
	// MaxElements is how many elements a document may hold, inclusive.
	MaxElements = 4_000_000
	// MaxAttributes is how many attributes an element may have, inclusive.
	MaxAttributes = 256
	// MaxInstances is how many instances one repeat may have, inclusive.
	MaxInstances = 10_000
	// MaxDocument is how many nodes a document of answers may have, inclusive.
	MaxDocument = 1_000_000
	// MaxVisits is how many nodes the rules may look at after one change, or for
	// one submission, inclusive. What is left then is not evaluated, and a fault
	// says so.
	MaxVisits = 120_000_000
	// MaxFaults is how many faults are kept of one form.
	MaxFaults = 100
	// MaxProblems is how many problems are kept of one submission.
	MaxProblems = 500
)
