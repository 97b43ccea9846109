#include "audio_kernels.h"

uint16_t audio_crc16(const void *bytes, int64_t count, const uint16_t *table) {
    const uint8_t *at = bytes;
    uint16_t crc = 0;
    for (int64_t i = 0; i < count; i++) crc = (uint16_t)(crc << 8 ^ table[crc >> 8 ^ at[i]]);
    return crc;
}

uint32_t audio_crc32(const void *bytes, int64_t count, uint32_t crc, const uint32_t *tables) {
    const uint8_t *at = bytes;
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint32_t high = crc ^ ((uint32_t)at[i] << 24 | (uint32_t)at[i + 1] << 16 | (uint32_t)at[i + 2] << 8 | at[i + 3]);
        crc = tables[7 * 256 + (high >> 24)] ^ tables[6 * 256 + (high >> 16 & 255)] ^ tables[5 * 256 + (high >> 8 & 255)] ^
              tables[4 * 256 + (high & 255)] ^ tables[3 * 256 + at[i + 4]] ^ tables[2 * 256 + at[i + 5]] ^
              tables[256 + at[i + 6]] ^ tables[at[i + 7]];
    }
    for (; i < count; i++) crc = crc << 8 ^ tables[(crc >> 24 ^ at[i]) & 255];
    return crc;
}
