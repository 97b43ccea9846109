#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "COneDNN.h"

#include <dlfcn.h>
#include <dnnl.h>
#include <stdlib.h>
#include <string.h>

/* The differences between oneDNN 2.x and 3.x: memory descriptors are structs in 2.x and handles in 3.x, which has no
   operation descriptors. */
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t desc;
typedef const_dnnl_memory_desc_t desc_ref;
#define REF(d) (d)
static int make_desc(desc *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(d, rank, dims, dnnl_f32, tag);
}
static void drop_desc(desc *d) {
    if (*d) dnnl_memory_desc_destroy(*d);
    *d = NULL;
}
#else
typedef dnnl_memory_desc_t desc;
typedef const dnnl_memory_desc_t *desc_ref;
#define REF(d) (&(d))
static int make_desc(desc *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(d, rank, dims, dnnl_f32, tag);
}
static void drop_desc(desc *d) { memset(d, 0, sizeof *d); }
#endif

enum { FORWARD, INPUT, KERNELS, PASSES };

/* One pass of the convolution, with the kernels in the layout that it wants. */
typedef struct {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_memory_t x, kernels, y;
    /* Between that layout and the plain one. */
    dnnl_primitive_t reorder;
    dnnl_memory_t scratch, reorder_scratch;
} pass;

struct onednn_convolution {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    desc x, kernels, plain, bias, y;
    dnnl_memory_t plain_memory, bias_memory, bias_gradient_memory;
    float *plain_values, *bias_values, *bias_gradient_values;
    /* Working memory that all primitives share, since they run one after another. oneDNN's own would belong to the
       thread that made a primitive, and be missing on any other. */
    dnnl_primitive_attr_t own_scratch;
    void *scratch;
    size_t scratch_size;
    int64_t kernel_count;
    int32_t outputs;
    pass passes[PASSES];
};

/* The number of OpenMP threads is a setting of the calling thread. The function is looked up at run time, because
   oneDNN may have been built without OpenMP, or with another implementation of it. */
static void use_one_thread(void) {
    static void (*set)(int);
    if (!set) set = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set) set(1);
}

int onednn_channel_block(void) { return dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core ? 16 : 8; }

static dnnl_format_tag_t layout(int block) {
    return block == 16 ? dnnl_nChw16c : block == 8 ? dnnl_nChw8c : dnnl_nchw;
}

#define TRY(call)                              \
    do {                                       \
        int status_ = (int)(call);             \
        if (status_ != dnnl_success) return status_; \
    } while (0)

static int describe(onednn_convolution *c, const onednn_convolution_shape *s, int which) {
    dnnl_dims_t strides = {s->stride_height, s->stride_width}, dilation = {0, 0};
    /* The padding at the end follows from the lengths. */
    dnnl_dims_t before = {s->padding_height, s->padding_width};
    dnnl_dims_t after = {(s->out_height - 1) * s->stride_height + s->kernel_height - s->height - s->padding_height,
                         (s->out_width - 1) * s->stride_width + s->kernel_width - s->width - s->padding_width};
    dnnl_primitive_desc_t *out = &c->passes[which].description, hint = c->passes[FORWARD].description;
#if DNNL_VERSION_MAJOR >= 3
    switch (which) {
    case FORWARD:
        return dnnl_convolution_forward_primitive_desc_create(out, c->engine, dnnl_forward_training,
                                                              dnnl_convolution_direct, c->x, c->kernels, c->bias, c->y,
                                                              strides, dilation, before, after, c->own_scratch);
    case INPUT:
        return dnnl_convolution_backward_data_primitive_desc_create(out, c->engine, dnnl_convolution_direct, c->x,
                                                                    c->kernels, c->y, strides, dilation, before, after,
                                                                    hint, c->own_scratch);
    default:
        return dnnl_convolution_backward_weights_primitive_desc_create(out, c->engine, dnnl_convolution_direct, c->x,
                                                                       c->kernels, c->bias, c->y, strides, dilation,
                                                                       before, after, hint, c->own_scratch);
    }
#else
    dnnl_convolution_desc_t d;
    switch (which) {
    case FORWARD:
        TRY(dnnl_dilated_convolution_forward_desc_init(&d, dnnl_forward_training, dnnl_convolution_direct, &c->x,
                                                       &c->kernels, &c->bias, &c->y, strides, dilation, before, after));
        break;
    case INPUT:
        TRY(dnnl_dilated_convolution_backward_data_desc_init(&d, dnnl_convolution_direct, &c->x, &c->kernels, &c->y,
                                                             strides, dilation, before, after));
        break;
    default:
        TRY(dnnl_dilated_convolution_backward_weights_desc_init(&d, dnnl_convolution_direct, &c->x, &c->kernels,
                                                                &c->bias, &c->y, strides, dilation, before, after));
    }
    return dnnl_primitive_desc_create(out, &d, c->own_scratch, c->engine, which == FORWARD ? NULL : hint);
#endif
}

static int make_scratch(onednn_convolution *c, const_dnnl_primitive_desc_t description, dnnl_memory_t *memory) {
    desc_ref needed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    size_t size = dnnl_memory_desc_get_size(needed);
    if (size > c->scratch_size) c->scratch_size = size;
    return dnnl_memory_create(memory, needed, c->engine, DNNL_MEMORY_NONE);
}

static int make_pass(onednn_convolution *c, const onednn_convolution_shape *s, int which) {
    pass *p = &c->passes[which];
    TRY(describe(c, s, which));
    TRY(dnnl_primitive_create(&p->primitive, p->description));
    TRY(make_scratch(c, p->description, &p->scratch));
    TRY(dnnl_memory_create(&p->x, REF(c->x), c->engine, DNNL_MEMORY_NONE));
    TRY(dnnl_memory_create(&p->y, REF(c->y), c->engine, DNNL_MEMORY_NONE));
    desc_ref liked = dnnl_primitive_desc_query_md(p->description,
                                                  which == KERNELS ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
    TRY(dnnl_memory_create(&p->kernels, liked, c->engine, DNNL_MEMORY_ALLOCATE));
    dnnl_primitive_desc_t order = NULL;
    if (which == KERNELS)
        TRY(dnnl_reorder_primitive_desc_create(&order, liked, c->engine, REF(c->plain), c->engine, c->own_scratch));
    else
        TRY(dnnl_reorder_primitive_desc_create(&order, REF(c->plain), c->engine, liked, c->engine, c->own_scratch));
    int status = dnnl_primitive_create(&p->reorder, order);
    if (status == dnnl_success) status = make_scratch(c, order, &p->reorder_scratch);
    dnnl_primitive_desc_destroy(order);
    return status;
}

static int make(onednn_convolution *c, const onednn_convolution_shape *s) {
    dnnl_dims_t x = {1, s->inputs, s->height, s->width}, y = {1, s->outputs, s->out_height, s->out_width};
    dnnl_dims_t kernels = {s->outputs, s->inputs, s->kernel_height, s->kernel_width}, bias = {s->outputs};
    c->outputs = s->outputs;
    c->kernel_count = (int64_t)s->outputs * s->inputs * s->kernel_height * s->kernel_width;
    TRY(dnnl_engine_create(&c->engine, dnnl_cpu, 0));
    TRY(dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags));
    TRY(dnnl_primitive_attr_create(&c->own_scratch));
    TRY(dnnl_primitive_attr_set_scratchpad_mode(c->own_scratch, dnnl_scratchpad_mode_user));
    TRY(make_desc(&c->x, 4, x, layout(s->input_block)));
    TRY(make_desc(&c->y, 4, y, layout(s->output_block)));
    TRY(make_desc(&c->kernels, 4, kernels, dnnl_format_tag_any));
    TRY(make_desc(&c->plain, 4, kernels, dnnl_oihw));
    TRY(make_desc(&c->bias, 1, bias, dnnl_a));
    if (!(c->plain_values = calloc((size_t)c->kernel_count, sizeof(float)))) return dnnl_out_of_memory;
    if (!(c->bias_values = calloc((size_t)s->outputs, sizeof(float)))) return dnnl_out_of_memory;
    if (!(c->bias_gradient_values = calloc((size_t)s->outputs, sizeof(float)))) return dnnl_out_of_memory;
    TRY(dnnl_memory_create(&c->bias_gradient_memory, REF(c->bias), c->engine, c->bias_gradient_values));
    TRY(dnnl_memory_create(&c->plain_memory, REF(c->plain), c->engine, c->plain_values));
    TRY(dnnl_memory_create(&c->bias_memory, REF(c->bias), c->engine, c->bias_values));
    for (int which = 0; which < PASSES; which++) TRY(make_pass(c, s, which));
    if (posix_memalign(&c->scratch, 64, c->scratch_size + 64)) return dnnl_out_of_memory;
    for (int which = 0; which < PASSES; which++) {
        TRY(dnnl_memory_set_data_handle(c->passes[which].scratch, c->scratch));
        TRY(dnnl_memory_set_data_handle(c->passes[which].reorder_scratch, c->scratch));
    }
    return dnnl_success;
}

onednn_convolution *onednn_convolution_create(const onednn_convolution_shape *shape, int *status) {
    use_one_thread();
    onednn_convolution *c = calloc(1, sizeof *c);
    *status = c ? make(c, shape) : dnnl_out_of_memory;
    if (*status == dnnl_success) return c;
    onednn_convolution_destroy(c);
    return NULL;
}

void onednn_convolution_destroy(onednn_convolution *c) {
    if (!c) return;
    for (int which = 0; which < PASSES; which++) {
        pass *p = &c->passes[which];
        if (p->primitive) dnnl_primitive_destroy(p->primitive);
        if (p->reorder) dnnl_primitive_destroy(p->reorder);
        if (p->x) dnnl_memory_destroy(p->x);
        if (p->y) dnnl_memory_destroy(p->y);
        if (p->kernels) dnnl_memory_destroy(p->kernels);
        if (p->scratch) dnnl_memory_destroy(p->scratch);
        if (p->reorder_scratch) dnnl_memory_destroy(p->reorder_scratch);
    }
    for (int which = 0; which < PASSES; which++)
        if (c->passes[which].description) dnnl_primitive_desc_destroy(c->passes[which].description);
    if (c->plain_memory) dnnl_memory_destroy(c->plain_memory);
    if (c->bias_memory) dnnl_memory_destroy(c->bias_memory);
    if (c->bias_gradient_memory) dnnl_memory_destroy(c->bias_gradient_memory);
    drop_desc(&c->x);
    drop_desc(&c->y);
    drop_desc(&c->kernels);
    drop_desc(&c->plain);
    drop_desc(&c->bias);
    if (c->own_scratch) dnnl_primitive_attr_destroy(c->own_scratch);
    free(c->scratch);
    free(c->plain_values);
    free(c->bias_values);
    free(c->bias_gradient_values);
    if (c->stream) dnnl_stream_destroy(c->stream);
    if (c->engine) dnnl_engine_destroy(c->engine);
    free(c);
}

int64_t onednn_convolution_bytes(const onednn_convolution *c) {
    size_t bytes = c->scratch_size + ((size_t)c->kernel_count + 2 * (size_t)c->outputs) * sizeof(float);
    for (int which = 0; which < PASSES; which++) {
        dnnl_query_t kernels = which == KERNELS ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
        bytes += dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(c->passes[which].description, kernels, 0));
    }
    return (int64_t)bytes;
}

static int reorder(onednn_convolution *c, pass *p, dnnl_memory_t from, dnnl_memory_t to) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, p->reorder_scratch}};
    return dnnl_primitive_execute(p->reorder, c->stream, 3, arguments);
}

static int run(onednn_convolution *c, pass *p, int count, const dnnl_exec_arg_t *arguments) {
    TRY(dnnl_primitive_execute(p->primitive, c->stream, count, arguments));
    return dnnl_stream_wait(c->stream);
}

/* oneDNN has the same type of handle for what it reads and what it writes, hence the cast. */
static int point(pass *p, const float *x, const float *y) {
    TRY(dnnl_memory_set_data_handle(p->x, (void *)(uintptr_t)x));
    return dnnl_memory_set_data_handle(p->y, (void *)(uintptr_t)y);
}

int onednn_convolution_set_kernels(onednn_convolution *c, const float *kernels, const float *bias) {
    use_one_thread();
    memcpy(c->plain_values, kernels, (size_t)c->kernel_count * sizeof(float));
    if (bias) memcpy(c->bias_values, bias, (size_t)c->outputs * sizeof(float));
    else memset(c->bias_values, 0, (size_t)c->outputs * sizeof(float));
    for (int which = FORWARD; which <= INPUT; which++)
        TRY(reorder(c, &c->passes[which], c->plain_memory, c->passes[which].kernels));
    return dnnl_stream_wait(c->stream);
}

int onednn_convolution_forward(onednn_convolution *c, const float *x, float *y) {
    use_one_thread();
    pass *p = &c->passes[FORWARD];
    TRY(point(p, x, y));
    dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, p->x}, {DNNL_ARG_WEIGHTS, p->kernels}, {DNNL_ARG_BIAS, c->bias_memory}, {DNNL_ARG_DST, p->y},
        {DNNL_ARG_SCRATCHPAD, p->scratch}};
    return run(c, p, 5, arguments);
}

int onednn_convolution_backward_input(onednn_convolution *c, const float *gradient, float *x_gradient) {
    use_one_thread();
    pass *p = &c->passes[INPUT];
    TRY(point(p, x_gradient, gradient));
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_DIFF_SRC, p->x},
                                   {DNNL_ARG_WEIGHTS, p->kernels},
                                   {DNNL_ARG_DIFF_DST, p->y},
                                   {DNNL_ARG_SCRATCHPAD, p->scratch}};
    return run(c, p, 4, arguments);
}

int onednn_convolution_backward_kernels(onednn_convolution *c, const float *x, const float *gradient,
                                        float *kernel_gradient, float *bias_gradient) {
    use_one_thread();
    pass *p = &c->passes[KERNELS];
    TRY(point(p, x, gradient));
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, p->x},
                                   {DNNL_ARG_DIFF_DST, p->y},
                                   {DNNL_ARG_DIFF_WEIGHTS, p->kernels},
                                   {DNNL_ARG_DIFF_BIAS, c->bias_gradient_memory},
                                   {DNNL_ARG_SCRATCHPAD, p->scratch}};
    TRY(run(c, p, 5, arguments));
    TRY(reorder(c, p, p->kernels, c->plain_memory));
    TRY(dnnl_stream_wait(c->stream));
    for (int64_t i = 0; i < c->kernel_count; i++) kernel_gradient[i] += c->plain_values[i];
    for (int32_t i = 0; bias_gradient && i < c->outputs; i++) bias_gradient[i] += c->bias_gradient_values[i];
    return dnnl_success;
}

int onednn_product(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                   int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    use_one_thread();
    return (int)dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/* Exported by oneDNN since 1.0 beside dnnl_sgemm, but declared in none of its headers. It is looked up at run time, so
   that the program links without it too. Strides are row strides, as everywhere here. */
typedef dnnl_status_t bf16_gemm(char transpose_a, char transpose_b, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha,
                                const uint16_t *a, dnnl_dim_t lda, const uint16_t *b, dnnl_dim_t ldb, float beta, float *c,
                                dnnl_dim_t ldc);

static bf16_gemm *find_bf16_gemm(void) {
    static bf16_gemm *found;
    if (!found) found = (bf16_gemm *)dlsym(RTLD_DEFAULT, "dnnl_gemm_bf16bf16f32");
    return found;
}

int onednn_has_bf16(void) {
    /* Plain AVX-512 can do it too, but by emulation, which is slower than float32. */
    int native = dnnl_cpu_isa_avx512_core_bf16;
    return ((int)dnnl_get_effective_cpu_isa() & native) == native && find_bf16_gemm() != NULL;
}

int onednn_product_bf16(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const uint16_t *a, int64_t lda,
                        const uint16_t *b, int64_t ldb, float beta, float *c, int64_t ldc) {
    use_one_thread();
    bf16_gemm *gemm = find_bf16_gemm();
    if (!gemm) return dnnl_unimplemented;
    return (int)gemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
}
