/* Steps of gradient descent on a perceptron of two hidden layers with ReLU, on squared error, written as loops.
 *
 * weights: w1 (features x units), b1, w2 (units x units), b2, w3 (units), b3, one after another, changed in place.
 * order: row numbers, `batch` for each step.
 */
#include <stdlib.h>

static void layer(const float *in, const float *w, const float *b, float *out, int rows, int n, int m)
{
    for (int r = 0; r < rows; r++) {
        float *o = out + (size_t)r * m;
        for (int j = 0; j < m; j++) o[j] = b[j];
        for (int i = 0; i < n; i++) {
            const float v = in[(size_t)r * n + i], *wi = w + (size_t)i * m;
            for (int j = 0; j < m; j++) o[j] += v * wi[j];
        }
        for (int j = 0; j < m; j++) o[j] = o[j] > 0 ? o[j] : 0;
    }
}

static void gradient(const float *in, const float *d, float *gw, float *gb, int rows, int n, int m)
{
    for (int i = 0; i < n * m; i++) gw[i] = 0;
    for (int j = 0; j < m; j++) gb[j] = 0;
    for (int r = 0; r < rows; r++) {
        const float *dr = d + (size_t)r * m;
        for (int j = 0; j < m; j++) gb[j] += dr[j];
        for (int i = 0; i < n; i++) {
            const float v = in[(size_t)r * n + i];
            float *g = gw + (size_t)i * m;
            for (int j = 0; j < m; j++) g[j] += v * dr[j];
        }
    }
}

void train(const float *x, const float *y, const int *order, float *weights, int features, int units, int batch,
           int steps, float rate)
{
    const int n1 = features * units, n2 = units * units, all = n1 + units + n2 + units + units + 1;
    float *w1 = weights, *b1 = w1 + n1, *w2 = b1 + units, *b2 = w2 + n2, *w3 = b2 + units, *b3 = w3 + units;
    float *g = malloc(all * sizeof(float)), *g1 = g, *gb1 = g1 + n1, *g2 = gb1 + units, *gb2 = g2 + n2,
          *g3 = gb2 + units, *gb3 = g3 + units;
    float *in = malloc((size_t)batch * features * sizeof(float)), *h1 = malloc((size_t)batch * units * sizeof(float));
    float *h2 = malloc((size_t)batch * units * sizeof(float)), *d1 = malloc((size_t)batch * units * sizeof(float));
    float *d2 = malloc((size_t)batch * units * sizeof(float));

    for (int step = 0; step < steps; step++) {
        const int *rows = order + (size_t)step * batch;
        for (int r = 0; r < batch; r++)
            for (int i = 0; i < features; i++) in[r * features + i] = x[(size_t)rows[r] * features + i];
        layer(in, w1, b1, h1, batch, features, units);
        layer(h1, w2, b2, h2, batch, units, units);
        for (int j = 0; j <= units; j++) g3[j] = 0;
        for (int r = 0; r < batch; r++) {
            float out = *b3;
            for (int j = 0; j < units; j++) out += h2[r * units + j] * w3[j];
            const float d = 2 * (out - y[rows[r]]) / batch;
            *gb3 += d;
            for (int j = 0; j < units; j++) {
                g3[j] += h2[r * units + j] * d;
                d2[r * units + j] = h2[r * units + j] > 0 ? d * w3[j] : 0;
            }
        }
        for (int r = 0; r < batch; r++)
            for (int i = 0; i < units; i++) {
                float sum = 0;
                for (int j = 0; j < units; j++) sum += d2[r * units + j] * w2[i * units + j];
                d1[r * units + i] = h1[r * units + i] > 0 ? sum : 0;
            }
        gradient(h1, d2, g2, gb2, batch, units, units);
        gradient(in, d1, g1, gb1, batch, features, units);
        for (int i = 0; i < all; i++) weights[i] -= rate * g[i];
    }
    free(g), free(in), free(h1), free(h2), free(d1), free(d2);
}
