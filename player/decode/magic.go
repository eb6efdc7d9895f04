package decode

// magic is a run of bytes at a place near the start.
type magic struct {
	at    int
	bytes string
	kind  kind
	label string
}

// magics are the formats that say what they are.
var magics = []magic{
	{0, "fLaC", kindFLAC, "FLAC"},
	{4, "ftyp", kindForeign, "MP4"},
	{4, "moov", kindForeign, "MP4"},
	{4, "mdat", kindForeign, "MP4"},
	{0, "wvpk", kindForeign, "WavPack"},
	{0, "MAC ", kindForeign, "APE"},
	{0, "MPCK", kindForeign, "Musepack"},
	{0, "MP+", kindForeign, "Musepack"},
	{0, "DSD ", kindForeign, "DSF"},
	{0, "FRM8", kindForeign, "DSDIFF"},
	{0, "TTA1", kindForeign, "TTA"},
	{0, "TTA2", kindForeign, "TTA"},
	{0, "tBaK", kindForeign, "TAK"},
	{0, "OFR ", kindForeign, "OptimFROG"},
	{0, "caff", kindForeign, "CAF"},
	{0, ".snd", kindForeign, "AU"},
	{0, "riff\x2e\x91\xcf\x11", kindForeign, "Wave64"},
	{0, "RIFX", kindForeign, "WAV"},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", kindForeign, "WMA"},
	{0, "\x1a\x45\xdf\xa3", kindForeign, "Matroska"},
	{0, "#!AMR", kindForeign, "AMR"},
	{0, "ADIF", kindForeign, "AAC"},
	{0, "\x0b\x77", kindForeign, "AC-3"},
	{0, "\x7f\xfe\x80\x01", kindForeign, "DTS"},
	{0, ".RMF", kindForeign, "RealAudio"},
	{0, ".ra\xfd", kindForeign, "RealAudio"},
	{0, "FLV\x01", kindForeign, "FLV"},
	{0, "ajkg", kindForeign, "Shorten"},
}

// wrongMagics are what people mistake for music.
var wrongMagics = []struct{ bytes, what string }{
	{"\x89PNG", "a PNG picture"},
	{"\xff\xd8\xff", "a JPEG picture"},
	{"GIF8", "a GIF picture"},
	{"BM", "a BMP picture"},
	{"II*\x00", "a TIFF picture"},
	{"MM\x00*", "a TIFF picture"},
	{"%PDF", "a PDF document"},
	{"PK\x03\x04", "a zip archive"},
	{"PK\x05\x06", "an empty zip archive"},
	{"\x1f\x8b", "a gzip archive"},
	{"BZh", "a bzip2 archive"},
	{"\xfd7zXZ", "an xz archive"},
	{"(\xb5/\xfd", "a zstd archive"},
	{"7z\xbc\xaf", "a 7z archive"},
	{"Rar!", "a RAR archive"},
	{"\x7fELF", "a program"},
	{"MZ", "a program"},
	{"MThd", "a MIDI file: notes"},
	{"SQLite format 3", "a database"},
	{"#EXTM3U", "a playlist"},
	{"[playlist]", "a playlist"},
	{"<ASX", "a playlist"},
}
