package main

import (
	"fmt"
	"math"

	drawing "waymark/monitoring/brief/figure"
	"waymark/stats/survey/analysis"
	"waymark/stats/survey/analysis/listing"
)

// figureGap is the room between the pictures of two statistics, CSS pixels.
const figureGap = 26.0

// figureMargin is the room about the picture, and figureTitle that of a title.
const figureMargin, figureTitle = 16.0, 14.0

// figureRows bounds the rows of one statistic's picture.
const figureRows = 400

// analyseFigure draws every result that has intervals as one SVG: dots with
// intervals, on one scale for each statistic.
func analyseFigure(report *analysis.Report, source listing.Source, confidence float64) []byte {
	sheet := &drawing.Drawing{
		Title:       "Estimates from " + source.Name,
		Description: fmt.Sprintf("Dots are estimates, lines their %v%% intervals. Design: %s.", math.Round(confidence*1e6)/1e4, report.Design.Words),
	}
	for i := range report.Results {
		r := &report.Results[i]
		for _, s := range listing.Scales(r) {
			stack(sheet, s.Title, plotOf(r, &s))
		}
	}
	if len(sheet.Shapes) == 0 {
		stack(sheet, "", drawing.DotPlot(drawing.DotPlotSpec{Frame: drawing.Frame{Title: sheet.Title, Description: sheet.Description}, Empty: "No estimate has an interval."}))
	}
	return sheet.SVG(drawing.SVGOptions{ID: "analyse"})
}

// plotOf draws the rows of one scale.
func plotOf(r *analysis.Result, s *listing.Scaled) *drawing.Drawing {
	write := listing.Format(r)
	percent := r.Kind == "share" || r.Kind == "proportion"
	if percent {
		write = func(_ *analysis.Row, v float64) string { return fmt.Sprintf("%.1f%%", 100*v) }
	}
	var group drawing.RowGroup
	var notes []string
	for i, row := range s.Rows {
		if i == figureRows {
			notes = append(notes, fmt.Sprintf("%d further rows are not drawn.", len(s.Rows)-i))
			break
		}
		name := s.Names[i]
		e := drawing.Estimate{Value: row.Value, Lo: row.Lo, Hi: row.Hi, Text: write(row, row.Value), Base: listing.Thousands(fmt.Sprint(row.Base))}
		if math.IsNaN(row.Value) {
			e.NotShown = "not estimable"
			if row.NotEstimable != "" {
				e.NotShown += ": " + row.NotEstimable
			}
		} else {
			e.Tip = fmt.Sprintf("%s: %s, interval %s to %s", name, e.Text, write(row, row.Lo), write(row, row.Hi))
		}
		group.Rows = append(group.Rows, drawing.Row{Label: name, Points: []drawing.Estimate{e}})
	}
	axis := drawing.Axis{Scale: drawing.Number}
	switch {
	case s.Ratio:
		axis.Scale = drawing.Ratio
		axis.Title = "log scale"
	case percent:
		axis.Scale = drawing.Percent
	}
	return drawing.DotPlot(drawing.DotPlotSpec{
		Frame:  drawing.Frame{Title: s.Title, Description: s.Title},
		Series: []drawing.Series{{Paint: drawing.Series1}}, Groups: []drawing.RowGroup{group},
		Axis: axis, BaseTitle: "n", Notes: notes,
	})
}

// stack puts a drawing with its title below what is on the sheet, with a margin
// about it.
func stack(sheet *drawing.Drawing, title string, d *drawing.Drawing) {
	dx, dy := figureMargin, figureMargin
	if len(sheet.Shapes) > 0 {
		dy = sheet.Height - figureMargin + figureGap
	}
	if title != "" {
		dy += figureTitle
		sheet.Shapes = append(sheet.Shapes, drawing.Label{X: dx, Y: dy - 2, Size: 14, Text: title, Fill: drawing.Ink, Bold: true})
		dy += 4
	}
	for _, shape := range d.Shapes {
		switch s := shape.(type) {
		case drawing.Line:
			s.X1, s.X2, s.Y1, s.Y2 = s.X1+dx, s.X2+dx, s.Y1+dy, s.Y2+dy
			shape = s
		case drawing.Rect:
			s.X, s.Y = s.X+dx, s.Y+dy
			shape = s
		case drawing.Point:
			s.X, s.Y = s.X+dx, s.Y+dy
			shape = s
		case drawing.Path:
			s.DX, s.DY = s.DX+dx, s.DY+dy
			shape = s
		case drawing.Label:
			s.X, s.Y = s.X+dx, s.Y+dy
			shape = s
		}
		sheet.Shapes = append(sheet.Shapes, shape)
	}
	sheet.Width = max(sheet.Width, d.Width+2*figureMargin)
	sheet.Height = dy + d.Height + figureMargin
}
