package player

// half is the weight of centre and back channels: -3 dB.
const half = 0.70710678

// A matrix says for each channel of a source how much of it goes left and right.
type matrix [][2]float32

// downmix is the matrix for n channels in the order of WAV files, each side
// divided by its sum so that it cannot clip; nil where none is needed (2) and for
// more channels than are known.
func downmix(n int) matrix {
	var m matrix
	switch n {
	case 1:
		return matrix{{1, 1}}
	case 3: // L R C
		m = matrix{{1, 0}, {0, 1}, {half, half}}
	case 4: // L R BL BR
		m = matrix{{1, 0}, {0, 1}, {half, 0}, {0, half}}
	case 5: // L R C BL BR
		m = matrix{{1, 0}, {0, 1}, {half, half}, {half, 0}, {0, half}}
	case 6: // L R C LFE BL BR
		m = matrix{{1, 0}, {0, 1}, {half, half}, {0, 0}, {half, 0}, {0, half}}
	case 7: // L R C LFE BC SL SR
		m = matrix{{1, 0}, {0, 1}, {half, half}, {0, 0}, {half * half, half * half}, {half, 0}, {0, half}}
	case 8: // L R C LFE BL BR SL SR
		m = matrix{{1, 0}, {0, 1}, {half, half}, {0, 0}, {half, 0}, {0, half}, {half, 0}, {0, half}}
	default:
		return nil
	}
	var l, r float32
	for _, c := range m {
		l += c[0]
		r += c[1]
	}
	for i := range m {
		m[i][0] /= l
		m[i][1] /= r
	}
	return m
}

// stereo mixes frames of len(m) channels from src into dst.
func (m matrix) stereo(dst, src []float32) {
	n := len(m)
	if n == 1 {
		for i, x := range src {
			dst[2*i], dst[2*i+1] = x, x
		}
		return
	}
	for i := 0; i+n <= len(src); i += n {
		var l, r float32
		for c, x := range src[i : i+n] {
			l += m[c][0] * x
			r += m[c][1] * x
		}
		dst[0], dst[1] = l, r
		dst = dst[2:]
	}
}
