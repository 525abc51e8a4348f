// Package figure draws the pictures of a brief: dot-and-interval plots, bars
// of counts, the flow of exclusions and the map of places. A picture is made
// once as a Drawing of a few shapes and written as SVG or PNG.
//
// It knows numbers and labels, nothing of surveys.
package figure

// Drawing is a picture as shapes in user units (1 unit = 1 CSS pixel), y down.
type Drawing struct {
	Width, Height float64
	RTL           bool
	Title         string
	Description   string
	// Badge is printed in a corner of the picture: "Synthetic example data".
	Badge  string
	Shapes []Shape
}

// Paint names a colour by its part in the picture, so that light, dark and
// print styles can map it.
type Paint string

// The paints.
const (
	Ink      Paint = "ink"      // text
	Muted    Paint = "muted"    // secondary text, axes
	Grid     Paint = "grid"     // grid lines
	Paper    Paint = "paper"    // background
	Series1  Paint = "series1"  // first route, everywhere
	Series2  Paint = "series2"  // second route
	Series3  Paint = "series3"  // third route
	Neutral  Paint = "neutral"  // everyone, no route
	Land     Paint = "land"     // map
	Border   Paint = "border"   // map
	NoPaint  Paint = ""         //
	Emphasis Paint = "emphasis" // a bar or place to look at
)

// Shape is one of Line, Rect, Circle, Path or Label.
type Shape interface{ shape() }

// Line is a straight line.
type Line struct {
	X1, Y1, X2, Y2, Width float64
	Stroke                Paint
	Dash                  bool
}

// Rect is a rectangle, with rounded corners if Radius is set.
type Rect struct {
	X, Y, W, H, Radius float64
	Fill, Stroke       Paint
	Tip                string // text alternative, as of a Point
}

// Mark is a point's form, so that series differ without colour.
type Mark uint8

// The marks.
const (
	Disc Mark = iota
	Diamond
	Square
	Triangle
	Ring
)

// Point is a marked point; Tip is its text alternative ("CMR 49%, 47% to 51%").
type Point struct {
	X, Y, Size   float64
	Mark         Mark
	Fill, Stroke Paint
	Opacity      float64 // of the fill; 0 means 1
	Tip          string
}

// Path is an SVG path of M, L and Z commands, absolute or relative (lower case).
type Path struct {
	D            string
	Fill, Stroke Paint
	Width        float64
	Opacity      float64 // 0 means 1
	Dash         bool
	DX, DY       float64 // how far the path is moved
}

// Anchor says which end of a label stands at X.
type Anchor uint8

// The anchors, in reading order (start is the right-hand end in RTL text).
const (
	Start Anchor = iota
	Middle
	End
)

// Label is a line of text on its baseline.
type Label struct {
	X, Y, Size float64
	Text       string
	Fill       Paint
	Anchor     Anchor
	Bold       bool
	Halo       bool // keep clear of what is behind, with an edge of Paper
}

func (Line) shape()  {}
func (Rect) shape()  {}
func (Point) shape() {}
func (Path) shape()  {}
func (Label) shape() {}
