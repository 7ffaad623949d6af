#pragma once
/* Debian's libxml2 is built with ICU and its headers pull ICU's in, whose types clash with those of Foundation's own
   ICU. Only the members of xmlCharEncodingHandler depend on it, and nobody here touches those. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/SAX2.h>
#include <libxml/xmlsave.h>
#include <libxml/xmlerror.h>

/* xmlFree is a variable that holds a function; Swift 6 refuses to read such a variable. */
static inline void daybreak_xml_free(void *memory) { xmlFree(memory); }

/* A document type declaration stops the parser; _private remembers that it was the reason. */
static inline void daybreak_xml_stop_at_doctype(
    void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id) {
    (void)name; (void)external_id; (void)system_id;
    ((xmlParserCtxtPtr)context)->_private = context;
    ((xmlParserCtxtPtr)context)->wellFormed = 0; /* or what was read so far would count as a document */
    xmlStopParser((xmlParserCtxtPtr)context);
}
static inline void daybreak_xml_refuse_doctype(xmlParserCtxtPtr context) {
    context->sax->internalSubset = daybreak_xml_stop_at_doctype;
}
static inline int daybreak_xml_saw_doctype(xmlParserCtxtPtr context) { return context->_private != NULL; }

/* A wrong expression is reported by its missing result, not on stderr. */
static inline void daybreak_xml_ignore(void *data, const xmlError *error) { (void)data; (void)error; }
static inline void daybreak_xpath_be_quiet(xmlXPathContextPtr context) {
    context->error = (xmlStructuredErrorFunc)daybreak_xml_ignore;
}
