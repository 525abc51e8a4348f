package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"waymark/internal/fault"
)

// parquetFile is a Parquet file to be read column by column.
//
// It stands on the low level of arrow-go, levels and physical values: the level
// above it, pqarrow, would bring an RPC system into the program and a copy of
// every value into memory.
type parquetFile struct {
	*source
	rep    *report
	reader *file.Reader
	fields []parquetField
	rows   int64
}

// hxlKey is the key of the file's metadata that holds the columns' HXL tags,
// separated by commas.
const hxlKey = "hxl"

// readParquet reads a Parquet file. With a schema, columns are read as it says;
// without, as the file's types say, except that text may be categories or sets.
func readParquet(ctx context.Context, src *source, opt Options) (result *Result, err error) {
	// The library panics on some damaged files; a file must never end the
	// program. It starts no goroutine in what is called here.
	rep := newReport(src.name, opt)
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, parquetPanic(rep, p)
		}
	}()
	f := &parquetFile{source: src, rep: rep}
	if err := f.open(); err != nil {
		return nil, err
	}
	header := f.header()
	var inferred []Inference
	schema, err := f.schema(ctx, header, opt, &inferred)
	if err != nil {
		return nil, err
	}
	a, err := assemble(schema, header, rep)
	if err != nil {
		return nil, err
	}
	if err := f.checkNested(a.adders); err != nil {
		return nil, err
	}
	for i, adder := range a.adders {
		if adder == nil {
			continue
		}
		adder.reserve(int(min(f.rows, f.size))) // a damaged file may claim any number
		if err := f.column(ctx, i, adder); err != nil {
			return nil, err
		}
		if f.progress != nil {
			f.progress(f.size*int64(i+1)/int64(len(a.adders)), f.size)
		}
	}
	t, err := a.table(rep)
	if err != nil {
		return nil, err
	}
	sum, err := src.sum(ctx)
	if err != nil {
		return nil, err
	}
	return &Result{
		Table: t, Warnings: rep.warnings, Inferred: inferred,
		Source: Source{Name: src.name, Format: "parquet", SHA256: sum, Bytes: src.size, Rows: int(f.rows), Columns: header.Names},
	}, nil
}

func parquetPanic(rep *report, p any) error {
	if _, over := p.(memoryBound); over {
		return fault.New(fault.Invalid, rep.at(0, 0, ""), fmt.Sprintf("a part of the file unpacks to more than %d bytes", rep.limits.UnpackedBytes),
			"it may be damaged or made to do harm; write it again in smaller pages, or save it as CSV")
	}
	return fault.Wrap(fault.Invalid, rep.at(0, 0, ""), "the Parquet file is damaged", "copy or write it again", fmt.Errorf("%v", p))
}

func (f *parquetFile) damaged(err error) error {
	var known *fault.Fault
	if errors.As(err, &known) {
		return err
	}
	return fault.Wrap(fault.Invalid, f.rep.at(0, 0, ""), "the Parquet file is damaged or of a kind that is not known", "copy or write it again, or save it as CSV", err)
}

// open reads the file's description.
func (f *parquetFile) open() error {
	props := parquet.NewReaderProperties(&boundedMemory{left: f.rep.limits.UnpackedBytes})
	props.BufferedStreamEnabled = true // read pages as they come, not whole column chunks
	var err error
	if f.reader, err = file.NewParquetReader(io.NewSectionReader(f.r, 0, f.size), file.WithReadProps(props)); err != nil {
		return f.damaged(err)
	}
	for g := range f.reader.NumRowGroups() {
		n := f.reader.MetaData().RowGroup(g).NumRows()
		if n < 0 || n > int64(f.rep.limits.Rows)-f.rows {
			return fault.New(fault.Unavailable, f.rep.at(0, 0, ""), fmt.Sprintf("the file says that it has more than %d rows", f.rep.limits.Rows), "split the file")
		}
		f.rows += n
	}
	root := f.reader.MetaData().Schema.Root()
	n := root.NumFields()
	if n == 0 {
		return f.rep.stop(f.rep.at(0, 0, ""), "write it again", "the Parquet file has no column")
	}
	if n > f.rep.limits.Columns {
		return f.rep.stop(f.rep.at(0, 0, ""), "leave out the columns that are not needed, or raise the limit", "the file has %d columns; at most %d are read", n, f.rep.limits.Columns)
	}
	leaf := 0
	for i := range n {
		p := newParquetField(root.Field(i), leaf)
		leaf += p.leaves
		f.fields = append(f.fields, p)
	}
	return nil
}

// header makes a header of the columns' names.
func (f *parquetFile) header() Header {
	cells := make([][]byte, len(f.fields))
	for i, p := range f.fields {
		cells[i] = keepEscape([]byte(p.name))
		if p.name == "" {
			cells[i] = fmt.Appendf(nil, "column %d", i+1)
		}
	}
	h := readHeader(cells, f.rep, 0)
	if tags := f.reader.MetaData().KeyValueMetadata().FindValue(hxlKey); tags != nil {
		if list := strings.Split(*tags, ","); len(list) == len(h.Names) {
			h.HXL = list
		}
	}
	return h
}

// checkNested faults every column to be read that does not fit a table.
func (f *parquetFile) checkNested(adders []cellAdder) error {
	for i, a := range adders {
		if p := f.fields[i]; a != nil && p.kind == 0 {
			f.rep.fail(f.rep.at(0, i+1, p.name), p.remedy, "the column holds %s, which has no place in a table", p.stored)
		}
	}
	return f.rep.end(nil)
}

// boundedMemory gives the library memory up to a bound at any one time, since
// a damaged page may claim to unpack to any size.
type boundedMemory struct {
	left int64
}

// memoryBound is what boundedMemory panics with.
type memoryBound struct{}

func (m *boundedMemory) take(n int64) {
	if n > m.left {
		panic(memoryBound{})
	}
	m.left -= n
}

// Allocate implements memory.Allocator.
func (m *boundedMemory) Allocate(size int) []byte {
	m.take(int64(size))
	return make([]byte, size)
}

// Reallocate implements memory.Allocator.
func (m *boundedMemory) Reallocate(size int, b []byte) []byte {
	m.left += int64(len(b))
	m.take(int64(size))
	if size <= cap(b) {
		return b[:size]
	}
	grown := make([]byte, size)
	copy(grown, b)
	return grown
}

// Free implements memory.Allocator.
func (m *boundedMemory) Free(b []byte) { m.left += int64(len(b)) }
