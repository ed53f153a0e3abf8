/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith.pb-c.h"
#include "proto/kith-body.h"

G_BEGIN_DECLS

/* What the files of the bodies share. */

typedef struct
{
  Kith__Endpoint  items[KITH_LIMIT_ENDPOINTS];
  Kith__Endpoint *pointers[KITH_LIMIT_ENDPOINTS];
} KithPackedEndpoints;

typedef union
{
  Kith__FileOffer file;
  Kith__Text     text;
  Kith__Edit     edit;
  Kith__Delete   deletion;
  Kith__Reaction reaction;
  Kith__Timer    timer;
  guint8         bytes[KITH_LIMIT_GROUP_INVITATION_BYTES];
} KithPackedContent;

/* kith-body-groups.c: the bytes of @out point into @self. */
void                kith_body_fill_groups    (ProtobufCBinaryData     out[KITH_LIMIT_GROUPS_SHARED],
                                              const KithBodyOpen     *self);
gboolean            kith_body_take_groups    (KithBodyOpen           *self,
                                              const ProtobufCBinaryData *groups,
                                              gsize                   n);
ProtobufCBinaryData kith_body_bytes          (const guint8           *data,
                                              gsize                   len);
GByteArray         *kith_body_pack           (const ProtobufCMessage *message);
guint16             kith_body_take_port      (guint32                 port);
void                kith_body_fill_endpoints (KithPackedEndpoints    *out,
                                              const KithEndpoints    *endpoints);
void                kith_body_take_endpoints (KithEndpoints          *out,
                                              Kith__Endpoint *const  *endpoints,
                                              gsize                   n);
void                kith_body_fill_content   (Kith__Msg              *msg,
                                              KithPackedContent      *out,
                                              const KithBodyMsg      *self);
gboolean            kith_body_take_bytes     (const ProtobufCBinaryData *field,
                                              guint8                 *out,
                                              gsize                   len);
void                kith_body_fill_file      (Kith__FileOffer        *out,
                                              const KithBodyFile     *self);
KithBodyFile       *kith_body_take_file      (const Kith__FileOffer  *offer);
gboolean            kith_body_take_content   (KithBodyMsg            *self,
                                              const Kith__Msg        *msg);

G_END_DECLS
