import { schemaRule } from 'portcullis';

/** A weather report is of a city, and of a day at least. */
export const weatherReportSchema = schemaRule(new URL('weather-report.crd.yaml', import.meta.url));
