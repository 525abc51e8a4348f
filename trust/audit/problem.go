package audit

// ProblemKind says what is wrong with an export.
type ProblemKind string

// The kinds of problem.
const (
	Malformed ProblemKind = "malformed" // a line, a key or a checkpoint is not what it should be
	Changed   ProblemKind = "changed"   // an entry is not what was logged
	Missing   ProblemKind = "missing"   // entries were taken out
	Order     ProblemKind = "order"     // entries stand in another order
	Truncated ProblemKind = "truncated" // the end is missing
	Withheld  ProblemKind = "withheld"  // an entry is there by its hash only
	Signature ProblemKind = "signature" // a checkpoint's signature is false
	Foreign   ProblemKind = "foreign"   // a checkpoint is of another log
)

// Problem is the first thing that is wrong with an export. It is an error.
type Problem struct {
	Kind ProblemKind `json:"kind"`
	// First and Last number the entries among which it is, from 0; equal if it is
	// one, -1 if it is in no entry.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	// Line of the export, from 1; 0 if it is in none.
	Line int `json:"line,omitempty"`
	// Checkpoint that shows it, as it was named; "" if none does.
	Checkpoint string `json:"checkpoint,omitempty"`
	Message    string `json:"message"`
}

func (p *Problem) Error() string { return p.Message }
