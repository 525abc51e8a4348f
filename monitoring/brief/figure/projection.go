package figure

import "math"

// The projection of the outlines, as the command in atlas/ makes them: Lambert's
// azimuthal equal-area about the middle of the region, 720 pixels wide.
const (
	baseLongitude = 30.0
	baseLatitude  = 27.0
	earthRadius   = 6371.0 // kilometres, mean
)

// baseEdges are the western and northern edge of the base map and its pixels per
// unit, from the places that the atlas names.
var baseEdges = func() (e struct{ west, north, scale float64 }) {
	e.west, _ = lambert(12, -19.5)
	east, _ := lambert(30, 78)
	_, e.north = lambert(55, 30)
	e.scale = defaultWidth / (east - e.west)
	return e
}()

// lambert projects degrees on a sphere of radius 1, y up. Source: Snyder (1987),
// Map Projections: A Working Manual, equations 24-2 to 24-4.
func lambert(lat, lon float64) (x, y float64) {
	const rad = math.Pi / 180
	lambda, phi, phi1 := (lon-baseLongitude)*rad, lat*rad, baseLatitude*rad
	c := math.Sin(phi1)*math.Sin(phi) + math.Cos(phi1)*math.Cos(phi)*math.Cos(lambda)
	k := math.Sqrt(2 / max(1+c, 1e-9))
	return k * math.Cos(phi) * math.Sin(lambda),
		k * (math.Cos(phi1)*math.Sin(phi) - math.Sin(phi1)*math.Cos(phi)*math.Cos(lambda))
}

// projection turns degrees into map units, y down; km is the length of a unit.
type projection struct {
	at func(lat, lon float64) (x, y float64)
	km float64
}

// onBase is the projection of the outlines, in pixels of the base map.
var onBase = projection{
	at: func(lat, lon float64) (x, y float64) {
		x, y = lambert(lat, lon)
		return (x - baseEdges.west) * baseEdges.scale, (baseEdges.north - y) * baseEdges.scale
	},
	km: earthRadius / baseEdges.scale,
}

// plain is the equirectangular projection that is true at a latitude, in degrees
// of latitude.
func plain(latitude float64) projection {
	narrow := math.Cos(latitude * math.Pi / 180)
	return projection{
		at: func(lat, lon float64) (x, y float64) { return lon * narrow, -lat },
		km: earthRadius * math.Pi / 180,
	}
}

// window is the part of the map that is drawn, in map units, and how it comes to
// stand on the picture.
type window struct {
	box
	scale float64 // pixels of the picture for a unit
}

func (w *window) pixel(x, y float64) (float64, float64) {
	return (x - w.x0) * w.scale, (y - w.y0) * w.scale
}

// frameAll returns a window around points that is at least least units wide, of a
// shape that suits a picture of a width and height.
func frameAll(xs, ys []float64, least, width, height float64) *window {
	b := box{x0: math.Inf(1), y0: math.Inf(1), x1: math.Inf(-1), y1: math.Inf(-1)}
	for i := range xs {
		b.x0, b.x1 = min(b.x0, xs[i]), max(b.x1, xs[i])
		b.y0, b.y1 = min(b.y0, ys[i]), max(b.y1, ys[i])
	}
	const margin = 1.35 // room for labels beside the outermost points
	w, h := max((b.x1-b.x0)*margin, least), max((b.y1-b.y0)*margin, least*height/width)
	w, h = max(w, h*width/height), max(h, w*height/width)
	mx, my := (b.x0+b.x1)/2, (b.y0+b.y1)/2
	return &window{box: box{mx - w/2, my - h/2, mx + w/2, my + h/2}, scale: width / w}
}

// ring cuts a closed line to the window. Source: Sutherland and Hodgman (1974),
// "Reentrant polygon clipping".
func (w *window) ring(xs, ys []float64) ([]float64, []float64) {
	inside := []func(x, y float64) float64{
		func(x, _ float64) float64 { return x - w.x0 },
		func(x, _ float64) float64 { return w.x1 - x },
		func(_, y float64) float64 { return y - w.y0 },
		func(_, y float64) float64 { return w.y1 - y },
	}
	for _, in := range inside {
		var kx, ky []float64
		for i := range xs {
			j := (i + len(xs) - 1) % len(xs)
			a, b := in(xs[j], ys[j]), in(xs[i], ys[i])
			if (a >= 0) != (b >= 0) {
				t := a / (a - b)
				kx, ky = append(kx, xs[j]+(xs[i]-xs[j])*t), append(ky, ys[j]+(ys[i]-ys[j])*t)
			}
			if b >= 0 {
				kx, ky = append(kx, xs[i]), append(ky, ys[i])
			}
		}
		xs, ys = kx, ky
	}
	return xs, ys
}

// segment says whether a piece of a line may touch the window.
func (w *window) segment(ax, ay, bx, by float64) bool {
	return max(ax, bx) >= w.x0 && min(ax, bx) <= w.x1 && max(ay, by) >= w.y0 && min(ay, by) <= w.y1
}

// absolute returns a polyline of the base map in its pixels.
func (p polyline) absolute() (xs, ys []float64) {
	x, y := 0, 0
	for i := 0; i+1 < len(p); i += 2 {
		x, y = x+p[i], y+p[i+1]
		xs, ys = append(xs, float64(x)/10), append(ys, float64(y)/10)
	}
	return xs, ys
}
