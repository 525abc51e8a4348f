package table

// DefaultLimits are the limits that a zero Limits stands for.
var DefaultLimits = Limits{
	Columns:       16_384, // as wide as a workbook can be
	Rows:          100_000_000,
	CellBytes:     1 << 20,
	FileBytes:     64 << 30,
	UnpackedBytes: 2 << 30,
	UnpackRatio:   200,
}

// DefaultMaxFaults bounds the reported faults where Options say nothing.
const DefaultMaxFaults = 100

// orDefault fills the zero fields with the defaults.
func (l Limits) orDefault() Limits {
	d := DefaultLimits
	if l.Columns > 0 {
		d.Columns = l.Columns
	}
	if l.Rows > 0 {
		d.Rows = l.Rows
	}
	if l.CellBytes > 0 {
		d.CellBytes = l.CellBytes
	}
	if l.FileBytes > 0 {
		d.FileBytes = l.FileBytes
	}
	if l.UnpackedBytes > 0 {
		d.UnpackedBytes = l.UnpackedBytes
	}
	if l.UnpackRatio > 0 {
		d.UnpackRatio = l.UnpackRatio
	}
	return d
}
