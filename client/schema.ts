// Written by `npx snail openapi`.
export interface paths {
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Grants an upload of any size that the service accepts, straight to S3 */
        post: operations["grantUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{imageType}/{object}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redirects to a rendition of the image that is served */
        get: operations["getRendition"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The images of a status, newest first, page by page */
        get: operations["listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw/{object}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The image's status and renditions */
        get: operations["getImage"];
        /** Uploads an image of up to 10 MB. POST /uploads grants larger ones */
        put: operations["putImage"];
        post?: never;
        /** Deletes the image, its renditions and its pending uploads */
        delete: operations["deleteImage"];
        options?: never;
        /** The image's status and renditions */
        head: operations["headImage"];
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Format: binary */
        Upload: string;
        UploadRequest: components["schemas"]["FormRequest"] | components["schemas"]["PutRequest"];
        /** @description Asks for a form */
        FormRequest: {
            /** @description The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts */
            object: string;
            /**
             * @default POST
             * @enum {string}
             */
            method?: "POST";
            /** @description Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991 */
            metadata?: {
                [key: string]: unknown;
            };
            focus?: components["schemas"]["Focus"];
        };
        /** @description Asks for a PUT */
        PutRequest: {
            /** @description The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts */
            object: string;
            /** @enum {string} */
            method: "PUT";
            /** @description The length of its body: up to the stack's maxBytes */
            bytes: number;
            /** @description Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991 */
            metadata?: {
                [key: string]: unknown;
            };
            focus?: components["schemas"]["Focus"];
        };
        /** @description The point that matters most: its distances from the left and the top of the upright picture */
        Focus: {
            x: number;
            y: number;
        };
        UploadGrant: components["schemas"]["FormGrant"] | components["schemas"]["PutGrant"];
        FormGrant: {
            /** @description The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts */
            object: string;
            /** @description Where the upload is sent, without further signature */
            url: string;
            /** @description The longest file that is accepted */
            maxBytes: number;
            /** Format: date-time */
            expiresAt: string;
            /** @enum {string} */
            method: "POST";
            /** @description The form's fields, which come before the field file */
            fields: {
                [key: string]: string;
            };
        };
        PutGrant: {
            /** @description The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts */
            object: string;
            /** @description Where the upload is sent, without further signature */
            url: string;
            /** @description The longest file that is accepted */
            maxBytes: number;
            /** Format: date-time */
            expiresAt: string;
            /** @enum {string} */
            method: "PUT";
            headers: {
                [key: string]: string;
            };
        };
        Waiting: {
            object: string;
            /** @enum {string} */
            status: "UPLOADED" | "PROCESSING";
        };
        Image: {
            object: string;
            id?: string;
            /** @enum {string} */
            status: "UPLOADED" | "PROCESSING" | "READY" | "FAILED" | "REJECTED" | "DELETING" | "DELETED";
            reason?: string;
            pending?: components["schemas"]["Pending"];
            generation?: string;
            /** @enum {string} */
            format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";
            bytes?: number;
            width?: number;
            height?: number;
            /** @description Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991 */
            metadata?: {
                [key: string]: unknown;
            };
            focus?: components["schemas"]["Focus"];
            /** @description What to show until a rendition is there: a ThumbHash (https://evanw.github.io/thumbhash/) in Base64 */
            placeholder?: string;
            /** @description The colour that is most in the image */
            dominantColour?: string;
            renditions: components["schemas"]["Rendition"][];
            /** Format: date-time */
            createdAt?: string;
            /** Format: date-time */
            updatedAt?: string;
            /** Format: date-time */
            deletedAt?: string;
        };
        ImageList: {
            images: components["schemas"]["ListedImage"][];
            /** @description Asks for the next page. Absent on the last one; a page may have few images, or none, and a cursor */
            cursor?: string;
        };
        /** @description As GET of the image tells it, with its renditions where these are asked for */
        ListedImage: {
            object: string;
            id: string;
            /** @enum {string} */
            status: "READY" | "PROCESSING" | "FAILED" | "REJECTED" | "DELETING";
            reason?: string;
            pending?: components["schemas"]["Pending"];
            generation?: string;
            /** @enum {string} */
            format?: "jpeg" | "png" | "webp" | "avif" | "gif" | "tiff";
            bytes?: number;
            width?: number;
            height?: number;
            /** @description Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991 */
            metadata?: {
                [key: string]: unknown;
            };
            focus?: components["schemas"]["Focus"];
            /** @description What to show until a rendition is there: a ThumbHash (https://evanw.github.io/thumbhash/) in Base64 */
            placeholder?: string;
            /** @description The colour that is most in the image */
            dominantColour?: string;
            /** @description Absent where none are asked for or served, and where the image has just changed */
            renditions?: components["schemas"]["Rendition"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Pending: {
            /** @enum {string} */
            status: "PROCESSING" | "FAILED";
            reason?: string;
            generation?: string;
            /** @description Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991 */
            metadata?: {
                [key: string]: unknown;
            };
            focus?: components["schemas"]["Focus"];
            /** Format: date-time */
            uploadedAt?: string;
        };
        Rendition: {
            imageType: string;
            url: string;
            /** @enum {string} */
            format: "jpeg" | "webp" | "avif" | "png" | "gif";
            bytes: number;
            width: number;
            height: number;
        };
        Error: {
            error: {
                /** @description The kind of error, the same for all of a kind */
                code: string;
                /** @description What was wrong, and what to do */
                message: string;
            };
        };
        TooLong: {
            message: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    grantUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "object": "photo.jpg",
                 *       "method": "PUT",
                 *       "bytes": 3835031,
                 *       "metadata": {
                 *         "album": "holidays"
                 *       },
                 *       "focus": {
                 *         "x": 0.5,
                 *         "y": 0.25
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["UploadRequest"];
            };
        };
        responses: {
            /** @description How to send the upload */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "object": "photo.jpg",
                     *       "method": "PUT",
                     *       "url": "https://snail-temp-images.s3.eu-west-1.amazonaws.com/images/photo.jpg?X-Amz-Signature=4f1d",
                     *       "headers": {
                     *         "content-type": "application/octet-stream",
                     *         "x-amz-meta-metadata": "eyJhbGJ1bSI6ImhvbGlkYXlzIn0",
                     *         "x-amz-meta-focus": "eyJ4IjowLjUsInkiOjAuMjV9"
                     *       },
                     *       "maxBytes": 52428800,
                     *       "expiresAt": "2026-01-01T12:15:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["UploadGrant"];
                };
            };
            /** @description The request is wrong, or such an image is not accepted */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadUpload",
                     *         "message": "The name must end in one of: .jpg, .jpeg, .png, .webp, .avif."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body has more than 10 MB, which is what API Gateway takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request Too Long"
                     *     }
                     */
                    "application/json": components["schemas"]["TooLong"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Internal server error"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Service Unavailable"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRendition: {
        parameters: {
            query?: never;
            header?: {
                /** @description Which of several formats is best: q-values, then the configured order */
                Accept?: string;
            };
            path: {
                /** @description The rendition's image type, such as small */
                imageType: string;
                /** @description The image's name, in 1 to 1024 bytes of UTF-8 */
                object: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its renditions are being made */
            202: {
                headers: {
                    /** @description Seconds until it is worth to ask again; only while that changes something */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "object": "photo.jpg",
                     *       "status": "PROCESSING"
                     *     }
                     */
                    "application/json": components["schemas"]["Waiting"];
                };
            };
            /** @description Where the rendition is */
            302: {
                headers: {
                    /** @description A URL that works for an hour at least */
                    Location?: string;
                    /** @description Accept, where an image type has several formats too */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The name cannot be one */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadObjectName",
                     *         "message": "The image's name in the path has 1025 bytes of UTF-8; 1 to 1024 are allowed."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such image or rendition */
            404: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "NoSuchRendition",
                     *         "message": "\"photo.jpg\" has no rendition \"huge\". It has large, medium, small."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The image was deleted */
            410: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Deleted",
                     *         "message": "The image \"photo.jpg\" was deleted at 2026-01-01T12:00:00.000Z. Upload it again with PUT."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Internal server error"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Service Unavailable"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listImages: {
        parameters: {
            query?: {
                /** @description Of which status */
                status?: "READY" | "PROCESSING" | "FAILED" | "REJECTED" | "DELETING";
                /** @description The beginning of their names */
                prefix?: string;
                /** @description How many at most */
                limit?: number;
                /** @description Whether they are told with their renditions */
                renditions?: boolean;
                /** @description That of the page before, with the same status and prefix */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "images": [
                     *         {
                     *           "object": "photo.jpg",
                     *           "id": "raw/photo.jpg/6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5.jpg",
                     *           "status": "READY",
                     *           "generation": "6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5",
                     *           "format": "jpeg",
                     *           "bytes": 3835031,
                     *           "width": 4032,
                     *           "height": 3024,
                     *           "metadata": {
                     *             "album": "holidays"
                     *           },
                     *           "focus": {
                     *             "x": 0.5,
                     *             "y": 0.25
                     *           },
                     *           "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
                     *           "dominantColour": "#7c6a5b",
                     *           "createdAt": "2026-01-01T12:00:00.000Z",
                     *           "updatedAt": "2026-01-01T12:00:01.000Z"
                     *         }
                     *       ],
                     *       "cursor": "NmYwZTQz"
                     *     }
                     */
                    "application/json": components["schemas"]["ImageList"];
                };
            };
            /** @description A parameter is wrong, unknown or given twice */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadListRequest",
                     *         "message": "limit must be a whole number from 1 to 100; got \"0\"."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Internal server error"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Service Unavailable"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer: 304 while it still holds */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The image's name, in 1 to 1024 bytes of UTF-8 */
                object: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image's status */
            200: {
                headers: {
                    /** @description Stays the same while the answer holds */
                    ETag?: string;
                    /** @description Seconds until it is worth to ask again; only while that changes something */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "object": "photo.jpg",
                     *       "id": "raw/photo.jpg/6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5.jpg",
                     *       "status": "READY",
                     *       "generation": "6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5",
                     *       "format": "jpeg",
                     *       "bytes": 3835031,
                     *       "width": 4032,
                     *       "height": 3024,
                     *       "metadata": {
                     *         "album": "holidays"
                     *       },
                     *       "focus": {
                     *         "x": 0.5,
                     *         "y": 0.25
                     *       },
                     *       "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
                     *       "dominantColour": "#7c6a5b",
                     *       "renditions": [
                     *         {
                     *           "imageType": "large",
                     *           "url": "https://snail-images.s3.eu-west-1.amazonaws.com/large/photo.jpg/6c1e.jpg?X-Amz-Signature=4f1d",
                     *           "format": "jpeg",
                     *           "bytes": 655342,
                     *           "width": 2016,
                     *           "height": 1512
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-01T12:00:00.000Z",
                     *       "updatedAt": "2026-01-01T12:00:01.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The answer with this ETag still holds */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The name cannot be one */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadObjectName",
                     *         "message": "The image's name in the path has 1025 bytes of UTF-8; 1 to 1024 are allowed."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such image */
            404: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "NotFound",
                     *         "message": "There is no image \"photo.jpg\". Upload one with PUT /raw/{object}; it takes a moment to appear."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The image was deleted */
            410: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Deleted",
                     *         "message": "The image \"photo.jpg\" was deleted at 2026-01-01T12:00:00.000Z. Upload it again with PUT."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Internal server error"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Service Unavailable"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts. Without a plus sign (+), which this way cannot take */
                object: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": components["schemas"]["Upload"];
            };
        };
        responses: {
            /** @description The image is stored and will be processed */
            202: {
                headers: {
                    /** @description S3's entity tag of the upload */
                    ETag?: string;
                    /** @description The upload's version */
                    "x-amz-version-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The name or the content cannot be stored */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadUpload",
                     *         "message": "The name or the content cannot be stored. Check the name and send it again."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body has more than 10 MB, which is what API Gateway takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Request Too Long"
                     *     }
                     */
                    "application/json": components["schemas"]["TooLong"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The storage failed, or the name has a plus sign */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "StorageFailed",
                     *         "message": "The storage did not take the image. Send the image again."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The storage is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "StorageBusy",
                     *         "message": "The storage is busy. Send the image again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The image's name, in 1 to 1024 bytes of UTF-8 */
                object: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deletion is under way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "object": "photo.jpg",
                     *       "id": "raw/photo.jpg/6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5.jpg",
                     *       "status": "DELETING",
                     *       "generation": "6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5",
                     *       "format": "jpeg",
                     *       "bytes": 3835031,
                     *       "width": 4032,
                     *       "height": 3024,
                     *       "metadata": {
                     *         "album": "holidays"
                     *       },
                     *       "focus": {
                     *         "x": 0.5,
                     *         "y": 0.25
                     *       },
                     *       "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
                     *       "dominantColour": "#7c6a5b",
                     *       "renditions": [],
                     *       "createdAt": "2026-01-01T12:00:00.000Z",
                     *       "updatedAt": "2026-01-01T12:00:01.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Image"];
                };
            };
            /** @description The name cannot be one */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "BadObjectName",
                     *         "message": "The image's name in the path has 1025 bytes of UTF-8; 1 to 1024 are allowed."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "UNAUTHORIZED",
                     *         "message": "Unauthorized"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "MISSING_AUTHENTICATION_TOKEN",
                     *         "message": "Missing Authentication Token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such image */
            404: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "NotFound",
                     *         "message": "There is no image \"photo.jpg\". Upload one with PUT /raw/{object}; it takes a moment to appear."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "Throttled",
                     *         "message": "Too many requests. Try again in a moment."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "InternalError",
                     *         "message": "The service failed. Try again; if it fails again, report the request id 4f1d."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DEFAULT_5XX",
                     *         "message": "Internal server error"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part is removed: repeat the request */
            503: {
                headers: {
                    "Content-Type"?: string;
                    /** @description Seconds until it is worth to ask again; only while that changes something */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "DeletionUnfinished",
                     *         "message": "So many uploads of the image wait that only a part is removed yet. Repeat the DELETE."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "INTEGRATION_TIMEOUT",
                     *         "message": "Endpoint request timed out"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    headImage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer: 304 while it still holds */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The image's name, in 1 to 1024 bytes of UTF-8 */
                object: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The image's status */
            200: {
                headers: {
                    /** @description Stays the same while the answer holds */
                    ETag?: string;
                    /** @description Seconds until it is worth to ask again; only while that changes something */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The answer with this ETag still holds */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The name cannot be one */
            400: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The token of the Cognito user pool is missing, wrong or expired */
            401: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not signed, its signature is wrong or expired, or its signer has no right to it */
            403: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such image */
            404: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The image was deleted */
            410: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Requests come faster than the API allows */
            429: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The service failed. The message has the request's id */
            500: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A function of the service failed */
            502: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The service is busy */
            503: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The service did not answer in time */
            504: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
