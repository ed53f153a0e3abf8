/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

/**
 * KithNews: (skip)
 *
 * What somebody has said of themselves on a session and we have not looked at yet. The last they say
 * counts; whoever says more than we can follow waits, and so does nobody else.
 */
typedef struct _KithNews KithNews;

void     kith_news_free             (KithNews            *self);
gboolean kith_news_take_profile     (KithNode            *node,
                                     KithSession         *session,
                                     const guint8        *body,
                                     gsize                len);
gboolean kith_news_take_endpoints   (KithNode            *node,
                                     KithSession         *session,
                                     const guint8        *body,
                                     gsize                len);
gboolean kith_news_take_presence    (KithNode            *node,
                                     KithSession         *session,
                                     const guint8        *body,
                                     gsize                len);

void     kith_node_learn            (KithPeer            *peer,
                                     KithSession         *session,
                                     const KithBodyOpen  *body);

G_END_DECLS
