package table

import (
	"bytes"
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// parquetBatch is how many values of a column are decoded at once.
const parquetBatch = 4096

// emptyAdder takes an answer that is present and empty, which no text says.
type emptyAdder interface{ addEmpty() }

// columnFeed gives the values of one physical column to a builder, row by row.
type columnFeed struct {
	file *parquetFile
	at   int // of parquetFile.fields
	to   cellAdder

	cell  []byte
	rows  int64
	open  bool   // a list has begun and not ended
	null  bool   // it is missing
	parts []byte // its values, one after the other
	ends  []int
	list  []byte // its values, joined
}

// column feeds all values of one column.
func (f *parquetFile) column(ctx context.Context, i int, to cellAdder) error {
	c := &columnFeed{file: f, at: i, to: to}
	if f.fields[i].node == nil {
		for range f.rows {
			to.add(nil) // checkNested has refused it, if it is wanted at all
		}
		return nil
	}
	for g := range f.reader.NumRowGroups() {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := f.reader.MetaData().RowGroup(g).NumRows()
		before := c.rows
		if err := c.group(ctx, g); err != nil {
			return f.damaged(err)
		}
		c.endList()
		if got := c.rows - before; got != rows {
			return f.damaged(fmt.Errorf("column %d has %d of %d rows in row group %d", i+1, got, rows, g))
		}
	}
	return nil
}

func (c *columnFeed) group(ctx context.Context, g int) error {
	p := &c.file.fields[c.at]
	reader, err := c.file.reader.RowGroup(g).Column(p.leaf)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // only read from
	switch r := reader.(type) {
	case *file.BooleanColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, boolText)
	case *file.Int32ColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, int32Text(p.node))
	case *file.Int64ColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, int64Text(p.node))
	case *file.Int96ColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, int96Text)
	case *file.Float32ColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, float32Text)
	case *file.Float64ColumnChunkReader:
		return feedValues(ctx, c, r, r.ReadBatchInPage, float64Text)
	case *file.ByteArrayColumnChunkReader:
		text := bytesText(p.node)
		return feedValues(ctx, c, r, r.ReadBatchInPage, func(b []byte, v parquet.ByteArray) []byte { return text(b, v) })
	case *file.FixedLenByteArrayColumnChunkReader:
		text := bytesText(p.node)
		return feedValues(ctx, c, r, r.ReadBatchInPage, func(b []byte, v parquet.FixedLenByteArray) []byte { return text(b, v) })
	}
	return fmt.Errorf("physical type %s", reader.Type())
}

// feedValues reads a column chunk in batches of values with their levels. The
// definition level says how much of the path to a value is there, the
// repetition level whether it begins a row.
func feedValues[T any](ctx context.Context, c *columnFeed, r file.ColumnChunkReader, read func(int64, []T, []int16, []int16) (int64, int, error), text func([]byte, T) []byte) error {
	values := make([]T, parquetBatch)
	definition, repetition := make([]int16, parquetBatch), make([]int16, parquetBatch)
	whole := r.Descriptor().MaxDefinitionLevel()
	repeats := r.Descriptor().MaxRepetitionLevel() > 0
	for r.HasNext() {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, valid, err := read(parquetBatch, values, definition, repetition)
		if err != nil {
			return err
		}
		if n == 0 && valid == 0 {
			return fmt.Errorf("a page promises values that it does not have")
		}
		next := 0
		for i := range int(n) {
			present := whole == 0 || definition[i] == whole
			c.cell = c.cell[:0]
			if present {
				if next >= valid {
					return fmt.Errorf("a page has fewer values than levels")
				}
				c.cell = text(c.cell, values[next])
				next++
			}
			if err := c.take(present, repeats, definition[i], repetition[i]); err != nil {
				return err
			}
		}
	}
	return r.Err()
}

// take adds one value, or its absence, to the row it belongs to.
func (c *columnFeed) take(present, repeats bool, definition, repetition int16) error {
	p := &c.file.fields[c.at]
	if !utf8.Valid(c.cell) {
		return c.file.rep.stop(c.file.rep.at(0, c.at+1, p.name), "leave the column out, or write it as text", "the column holds bytes that are not text")
	}
	if len(c.cell) > c.file.rep.limits.CellBytes || len(c.parts) > c.file.rep.limits.CellBytes {
		return c.file.rep.stop(c.file.rep.at(0, c.at+1, p.name), "shorten the value", "a value is longer than %d bytes", c.file.rep.limits.CellBytes)
	}
	if !repeats || repetition == 0 {
		c.endList()
		if c.rows == c.file.rows {
			return fmt.Errorf("column %d has more rows than the file", c.at+1)
		}
		c.rows++
	}
	if !repeats {
		c.to.add(c.cell)
		return nil
	}
	if repetition == 0 {
		c.open, c.parts, c.ends = true, c.parts[:0], c.ends[:0]
		c.null = p.nullList && definition == 0
	}
	if present && len(c.cell) > 0 {
		c.parts = append(c.parts, c.cell...)
		c.ends = append(c.ends, len(c.parts))
	}
	return nil
}

// endList gives the list that was read to the builder: its values separated by
// spaces, or by semicolons where a value has a space in it.
func (c *columnFeed) endList() {
	if !c.open {
		return
	}
	c.open = false
	if len(c.ends) == 0 {
		if e, ok := c.to.(emptyAdder); ok && !c.null {
			e.addEmpty()
		} else {
			c.to.add(nil)
		}
		return
	}
	sep := byte(' ')
	if bytes.IndexByte(c.parts, ' ') >= 0 {
		sep = ';'
	}
	c.list = c.list[:0]
	from := 0
	for _, end := range c.ends {
		c.list = append(c.list, c.parts[from:end]...)
		c.list = append(c.list, sep)
		from = end
	}
	if sep == ' ' {
		c.list = c.list[:len(c.list)-1] // a lone ";" at the end says that a space is part of a value
	}
	c.to.add(c.list)
}
