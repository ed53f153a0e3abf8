/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-endpoints.h"

#include "base/kith-bytes.h"

/**
 * kith_store_endpoints_encode:
 * @endpoints: (array length=n): endpoints
 * @n: how many; at most KITH_STORE_MAX_ENDPOINTS are taken
 * @out: (out): the column
 *
 * Returns: its length in bytes
 */
gsize
kith_store_endpoints_encode (const KithEndpoint *endpoints, guint n,
                             guint8 out[KITH_STORE_ENDPOINTS_BYTES])
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_STORE_ENDPOINTS_BYTES);
  for (guint i = 0; i < MIN (n, KITH_STORE_MAX_ENDPOINTS); i++)
    {
      kith_writer_u8 (&writer, endpoints[i].family);
      kith_writer_bytes (&writer, endpoints[i].address, sizeof endpoints[i].address);
      kith_writer_u16 (&writer, endpoints[i].port);
    }

  return writer.len;
}

/**
 * kith_store_endpoints_decode:
 * @data: (array length=len) (nullable): a column
 * @len: its length in bytes
 * @out: (out): the endpoints; those that make no sense are left out
 *
 * Returns: how many there are
 */
guint
kith_store_endpoints_decode (const guint8 *data, gsize len,
                             KithEndpoint out[KITH_STORE_MAX_ENDPOINTS])
{
  KithReader reader;
  guint n = 0;

  kith_reader_init (&reader, data, data != NULL ? len : 0);
  while (n < KITH_STORE_MAX_ENDPOINTS && kith_reader_remaining (&reader) >= KITH_STORE_ENDPOINT_BYTES)
    {
      guint8 family = kith_reader_u8 (&reader);
      guint8 address[16];

      kith_reader_bytes (&reader, address, sizeof address);
      if (kith_endpoint_set_bytes (&out[n], address, family == 4 ? 4 : 16, kith_reader_u16 (&reader)))
        n++;
    }

  return n;
}
