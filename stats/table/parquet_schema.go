package table

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetField is one column of the file: what its values are and where they lie.
type parquetField struct {
	name   string
	kind   Kind   // 0: the column has no place in a table
	stored string // what the file calls the type
	remedy string // for kind 0
	leaf   int    // of the file's physical columns
	leaves int
	node   *schema.PrimitiveNode
	list   bool
	// nullList says that a list may be missing, as against empty.
	nullList bool
}

// newParquetField looks at one field of the file's root; leaf is its first
// physical column.
func newParquetField(n schema.Node, leaf int) parquetField {
	p := parquetField{name: n.Name(), leaf: leaf, leaves: countLeaves(n)}
	if node, ok := n.(*schema.PrimitiveNode); ok {
		p.node = node
		p.kind, p.stored, p.remedy = kindOfParquet(node)
		if n.RepetitionType() == parquet.Repetitions.Repeated {
			p.list = true
			p.asList()
		}
		return p
	}
	group, _ := n.(*schema.GroupNode)
	p.stored = "a group of columns"
	p.remedy = "give each of its parts a column of its own when writing the file"
	if _, isMap := n.LogicalType().(schema.MapLogicalType); isMap {
		p.stored = "a map"
		p.remedy = "give each of its keys a column of its own when writing the file"
	}
	if _, isList := n.LogicalType().(schema.ListLogicalType); isList {
		p.stored = "a list of groups or of lists"
		p.remedy = "write it as a list of codes, or as one column an option"
		if element := listElement(group); element != nil {
			p.node, p.list = element, true
			p.nullList = n.RepetitionType() == parquet.Repetitions.Optional
			p.kind, p.stored, p.remedy = kindOfParquet(element)
			p.asList()
		}
	}
	return p
}

func (p *parquetField) asList() {
	if p.kind != 0 {
		p.kind = Set
		p.stored = "a list of " + p.stored
	}
}

// listElement returns the value of a list of plain values, else nil: a group
// that holds one repeated field, which is the value itself or holds it.
func listElement(group *schema.GroupNode) *schema.PrimitiveNode {
	if group == nil || group.NumFields() != 1 {
		return nil
	}
	repeated := group.Field(0)
	if repeated.RepetitionType() != parquet.Repetitions.Repeated {
		return nil
	}
	if inner, ok := repeated.(*schema.GroupNode); ok {
		if inner.NumFields() != 1 || inner.Field(0).RepetitionType() == parquet.Repetitions.Repeated {
			return nil
		}
		repeated = inner.Field(0)
	}
	element, _ := repeated.(*schema.PrimitiveNode)
	return element
}

func countLeaves(n schema.Node) int {
	group, ok := n.(*schema.GroupNode)
	if !ok {
		return 1
	}
	leaves := 0
	for i := range group.NumFields() {
		leaves += countLeaves(group.Field(i))
	}
	return leaves
}

// kindOfParquet says how a plain value is read, and what the file calls it.
func kindOfParquet(n *schema.PrimitiveNode) (kind Kind, stored, remedy string) {
	logical := n.LogicalType()
	stored = n.PhysicalType().String()
	if logical != nil && logical.IsValid() && !logical.IsNone() {
		stored = logical.String() + " over " + stored
	}
	switch logical.(type) {
	case schema.DateLogicalType:
		return Date, stored, ""
	case schema.TimestampLogicalType:
		return Time, stored, ""
	case schema.DecimalLogicalType, schema.Float16LogicalType, schema.IntLogicalType:
		return Number, stored, ""
	case schema.TimeLogicalType, schema.UUIDLogicalType, schema.NullLogicalType, schema.UnknownLogicalType:
		return Text, stored, ""
	case schema.IntervalLogicalType, schema.BSONLogicalType, schema.VariantLogicalType, schema.GeometryLogicalType, schema.GeographyLogicalType:
		return 0, stored, "write the column as text or numbers, or leave it out"
	}
	switch n.PhysicalType() {
	case parquet.Types.Boolean:
		return Bool, stored, ""
	case parquet.Types.Int96:
		return Time, stored, ""
	case parquet.Types.Int32, parquet.Types.Int64, parquet.Types.Float, parquet.Types.Double:
		return Number, stored, ""
	case parquet.Types.ByteArray, parquet.Types.FixedLenByteArray:
		return Text, stored, ""
	}
	return 0, stored, "write the column as text or numbers, or leave it out"
}

// schema asks Options.Match, or makes a schema from the file's types. Columns
// of text are looked through: they may be categories or sets.
func (f *parquetFile) schema(ctx context.Context, h Header, opt Options, inferred *[]Inference) (*Schema, error) {
	if f.rep.faults.Len() > 0 {
		return nil, f.rep.end(nil)
	}
	if opt.Match != nil {
		return opt.Match(h)
	}
	s := &Schema{}
	for i, p := range f.fields {
		field := Field{Name: h.Names[i], Kind: p.kind, Open: p.kind == Set}
		why := "the Parquet file stores it as " + p.stored
		switch p.kind {
		case 0: // checkNested refuses it
			field.Kind = Text
		case Text:
			profile := newProfile(field.Name)
			profile.textOnly = true
			if err := f.column(ctx, i, profile); err != nil {
				return nil, err
			}
			var found string
			field, found = profile.infer(f.rep)
			why = fmt.Sprintf("%s; %s", why, found)
		}
		s.Fields = append(s.Fields, field)
		s.Targets = append(s.Targets, Target{Field: i, Option: -1})
		*inferred = append(*inferred, Inference{Column: field.Name, Kind: field.Kind, Why: why})
	}
	return s, nil
}
