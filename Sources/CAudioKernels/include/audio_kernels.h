#ifndef SENTIO_AUDIO_KERNELS_H
#define SENTIO_AUDIO_KERNELS_H
#include <stdint.h>

/* Spectra are processed in blocks of AUDIO_LANES frames, laid out [bin][lane]. Every loop over a spectrum then
   computes AUDIO_LANES independent sums, which fill vector registers while each frame is summed in order. Outputs
   with rows are [row][stride] and receive AUDIO_LANES values at the given pointer. */
#define AUDIO_LANES 16

/* audio_frames.c */
/* out[frame][stride] = window * samples[start + frame*hop ...]; samples outside 0..<count are 0. */
void audio_window_frames(const float *samples, int64_t count, int64_t start, int64_t hop, int64_t frames,
                         const float *window, int64_t size, float *out, int64_t stride);
/* The same with float64 windows and products. */
void audio_window_frames_f64(const float *samples, int64_t count, int64_t start, int64_t hop, int64_t frames,
                             const double *window, int64_t size, double *out, int64_t stride);
void audio_narrow(const double *values, int64_t count, float *out);
/* spectrum [AUDIO_LANES][stride floats] of complex pairs -> power [bins][AUDIO_LANES]; magnitude may be NULL. */
void audio_power_lanes(const float *spectrum, int64_t stride, int64_t bins, float *power, float *magnitude);
/* out[frame] = mean square of `size` samples centered on frame*hop, zero-padded. */
void audio_mean_square(const float *samples, int64_t count, int64_t hop, int64_t size, int64_t frames, float *out);
/* marks[i] = 1 where samples[i-1] and samples[i] differ in sign (|x| <= threshold counts as +0); marks[0] = 0. */
void audio_sign_changes(const float *samples, int64_t count, float threshold, uint8_t *marks);
int64_t audio_count_marks(const uint8_t *marks, int64_t count);
/* Index of the first sample that is not finite or exceeds `limit` in magnitude; -1 if there is none. */
int64_t audio_first_unusable(const float *samples, int64_t count, float limit);
/* out[i] = mean over channels of interleaved[i][channel]. */
void audio_mix_down(const float *interleaved, int64_t count, int64_t channels, float *out);

/* Sums of squares: of `mix` [count], and of interleaved [count][channels]. */
void audio_mix_energy(const float *interleaved, const float *mix, int64_t count, int64_t channels, double *mixed, double *all);

/* audio_checksums.c */
/* CRC-16, most significant bit first, initial value 0; table[i] is the checksum of byte i. */
uint16_t audio_crc16(const void *bytes, int64_t count, const uint16_t *table);
/* CRC-32, most significant bit first; tables [8][256]: table n gives the effect of a byte n bytes later. */
uint32_t audio_crc32(const void *bytes, int64_t count, uint32_t crc, const uint32_t *tables);

/* audio_banks.c */
/* Sparse filter bank: row r has length[r] weights (concatenated over rows) starting at bin first[r]. */
void audio_sparse_bank(const float *power, const float *weights, const int32_t *first, const int32_t *length,
                       int64_t rows, float *out, int64_t stride);
/* Dense bank of 12 rows, weights laid out [bins][12]. */
void audio_chroma_bank(const float *power, const float *weights, int64_t bins, float *out, int64_t stride);
/* out[k][stride] = sum over m of table[k][columns] * in[m][stride]; rows k > 0 of the table must sum to 0. Columns
   are processed in whole blocks: `stride` is at least `count` rounded up to a multiple of AUDIO_LANES. */
void audio_cosine_transform(const float *table, int64_t rows, int64_t columns, const float *in, float *out,
                            int64_t stride, int64_t count);

/* audio_decibels.c */
/* values = 10*log10(max(amin, values) / max(amin, reference)) in place; returns the largest result. */
float audio_power_to_db(float *values, int64_t count, float amin, float reference);
void audio_raise_to(float *values, int64_t count, float floor);
float audio_largest(const float *values, int64_t count);
/* values = (values - shift) * scale */
void audio_shift_scale(float *values, int64_t count, float shift, float scale);

/* audio_shape.c */
void audio_centroid_bandwidth(const float *magnitude, int64_t bins, float hzPerBin, float *centroid, float *bandwidth);
void audio_rolloff(const float *magnitude, int64_t bins, float hzPerBin, float fraction, float *out);
void audio_flatness(const float *power, int64_t bins, float amin, float *out);
/* Means of the k smallest and k largest of `count` bins; scratch is 2*k*AUDIO_LANES floats, used when k > 12. */
void audio_extremes(const float *magnitude, int64_t count, int64_t k, float *scratch, float *smallest, float *largest);

/* audio_rhythm.c */
/* out[t] = mean over rows of max(0, db[row][t] - db[row][t-1]); out[0] = 0. */
void audio_positive_flux(const float *db, int64_t rows, int64_t stride, int64_t frames, float *out);
/* Complex pairs to squared magnitudes (imaginary parts 0), in place. */
void audio_square_spectrum(float *spectrum, int64_t pairs);
/* The lag in first..<lags with the largest (1 + gain*max(0, r[lag])/max r) * prior[lag]; the first lag wins ties. */
int64_t audio_best_lag(const float *r, const float *prior, int64_t first, int64_t lags, float gain);

/* audio_resample.c */
/* Half-band filter and decimation by 2: out[i] = 0.5*x[2i] + sum over k of taps[k] * (x[2i-2k-1] + x[2i+2k+1]), where
   in[0] is x[1-2*AUDIO_HALF_BAND_PAIRS]. Frames are `stride` floats apart in both. `count` is a multiple of
   AUDIO_LANES; `in` has 2*count + 4*AUDIO_HALF_BAND_PAIRS - 3 frames; `odd` is scratch for
   count + 2*AUDIO_HALF_BAND_PAIRS floats. */
#define AUDIO_HALF_BAND_PAIRS 16
void audio_half_band(const float *in, int64_t stride, int64_t count, const float *taps, float *odd, float *out);

/* audio_synthesis.c */
/* Adds one note of at most `partials` sine partials to `out`, each with amplitude `falloff` times that of the previous
   one, a linear attack and release, and an exponential decay that is faster for higher partials. */
void audio_add_note(float *out, int64_t count, double radiansPerSample, int64_t partials, float falloff,
                    float level, int64_t attackSamples, double decayPerSample, int64_t releaseSamples);
/* Adds white noise (32-bit linear congruential generator) whose level is multiplied by `decay` with each sample. */
void audio_add_noise(float *out, int64_t count, uint32_t seed, float level, float decay);
#endif
